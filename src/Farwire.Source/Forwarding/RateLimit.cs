namespace Farwire.Source.Forwarding;

/// <summary>Events that this machine sends in a second at most, all subscriptions together.</summary>
/// <param name="perSecond">How many; zero means without limit.</param>
/// <param name="time">The clock.</param>
/// <remarks>Windows policy "ForwarderResourceUsage". A second's worth may go at once; what is over waits its turn, in order.</remarks>
internal sealed class RateLimit(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private volatile int _perSecond = perSecond;
    private TimeSpan _free = -Second;

    /// <summary>The largest batch: more at once would only wait longer.</summary>
    public int MaxBatch => _perSecond is > 0 and var most ? most : int.MaxValue;

    /// <summary>Another rate holds from now on.</summary>
    public void Change(int perSecond) => _perSecond = perSecond;

    /// <summary>Ends when <paramref name="events"/> may go.</summary>
    public Task TakeAsync(int events, CancellationToken cancellationToken)
    {
        var rate = _perSecond;
        if (rate <= 0)
        {
            return Task.CompletedTask;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_began);
            _free = (_free > now - Second ? _free : now - Second) + TimeSpan.FromSeconds(events / (double)rate);
            wait = _free - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}

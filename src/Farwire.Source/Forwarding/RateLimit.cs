namespace Farwire.Source.Forwarding;

/// <summary>Events that this machine sends in a second at most, all subscriptions together.</summary>
/// <param name="perSecond">How many; zero means without limit.</param>
/// <param name="time">The clock.</param>
/// <remarks>Windows policy "ForwarderResourceUsage". A second's worth may go at once; what is over waits its turn, in order.</remarks>
internal sealed class RateLimit(int perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _free;

    /// <summary>Ends when <paramref name="events"/> may go.</summary>
    public Task TakeAsync(int events, CancellationToken cancellationToken)
    {
        if (perSecond <= 0)
        {
            return Task.CompletedTask;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_began);
            var from = _free > now - TimeSpan.FromSeconds(1) ? _free : now - TimeSpan.FromSeconds(1);
            _free = from + TimeSpan.FromSeconds(events / (double)perSecond);
            wait = _free - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}

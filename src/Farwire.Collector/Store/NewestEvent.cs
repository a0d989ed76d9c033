namespace Farwire.Collector.Store;

/// <summary>The number of the newest event that is safe, and those who wait for the next.</summary>
internal sealed class NewestEvent
{
    private readonly Lock _growing = new();
    private long _sequence;
    private TaskCompletionSource _grown = NewSignal();

    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Tells that events up to <paramref name="sequence"/> are safe; an older number changes nothing.</summary>
    public void Grow(long sequence)
    {
        lock (_growing)
        {
            if (sequence > _sequence)
            {
                Volatile.Write(ref _sequence, sequence);
                Interlocked.Exchange(ref _grown, NewSignal()).TrySetResult();
            }
        }
    }

    /// <summary>Waits until there is an event after <paramref name="sequence"/>.</summary>
    public async Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            var grown = Volatile.Read(ref _grown).Task;
            if (Sequence > sequence)
            {
                return;
            }

            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

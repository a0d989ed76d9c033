namespace Farwire.Collector.Store;

/// <summary>How much the store keeps, and in what pieces.</summary>
public sealed record EventStoreOptions
{
    /// <summary>Events older than this, counted from their arrival, are removed; null keeps them.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Bytes of events on disk; the oldest go first. Null keeps them.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Bytes of a segment before the next one is begun. Retention removes whole segments.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of events that one commit takes at most.</summary>
    public int CommitBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Batches that may wait for their commit; more wait outside.</summary>
    public int MaxWaitingBatches { get; init; } = 4096;

    /// <summary>Free bytes that the store leaves to others; below, batches are refused until there is room again.</summary>
    public long MinFreeBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How often heartbeats and other marks that need no commit of their own are written.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(5);
}

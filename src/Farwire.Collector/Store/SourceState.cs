namespace Farwire.Collector.Store;

/// <summary>What the collector knows of one source in one subscription. Immutable; a change makes a new one.</summary>
/// <param name="Source">The authenticated name.</param>
/// <param name="Subscription">The subscription's id.</param>
public sealed record SourceState(string Source, string Subscription)
{
    /// <summary>The name that the machine gives itself.</summary>
    public string? MachineId { get; init; }

    /// <summary>Where it last came from.</summary>
    public string? Address { get; init; }

    /// <summary>Where it continues.</summary>
    public string? Bookmark { get; init; }

    /// <summary>When it first asked.</summary>
    public DateTime? FirstSeen { get; init; }

    /// <summary>When it was last heard of at all.</summary>
    public DateTime? LastSeen { get; init; }

    /// <summary>When it last asked for its subscriptions.</summary>
    public DateTime? LastEnumerate { get; init; }

    /// <summary>When events last came.</summary>
    public DateTime? LastDelivery { get; init; }

    /// <summary>When the last event that came was written, by its own clock.</summary>
    public DateTime? LastEventTime { get; init; }

    /// <summary>When a heartbeat last came.</summary>
    public DateTime? LastHeartbeat { get; init; }

    /// <summary>Events stored in all.</summary>
    public long Events { get; init; }

    /// <summary>Batches that came twice.</summary>
    public long Duplicates { get; init; }

    /// <summary>Events that the source says it dropped.</summary>
    public long Dropped { get; init; }

    /// <summary>Events whose XML is broken.</summary>
    public long Broken { get; init; }

    /// <summary>Records that never came, in channels of which every event is wanted.</summary>
    public long MissingRecords { get; init; }

    /// <summary>Times that a log of the source was cleared.</summary>
    public long ClearedLogs { get; init; }

    /// <summary>Events whose Computer is another machine than the source.</summary>
    public long StrangeEvents { get; init; }

    /// <summary>The last error's number; 0 is none.</summary>
    public long LastErrorCode { get; init; }

    /// <summary>The last error.</summary>
    public string? LastError { get; init; }

    /// <summary>When it was.</summary>
    public DateTime? LastErrorTime { get; init; }

    /// <summary>When the collector tries again.</summary>
    public DateTime? NextRetry { get; init; }

    /// <summary>How long the last event took from its writing to here.</summary>
    public TimeSpan? Lag => LastDelivery is { } came && LastEventTime is { } written && came > written ? came - written : null;

    internal byte[]? LastBatch { get; init; }

    /// <summary>How many batches were stored, where several nodes count them: a node that finds another number was overtaken.</summary>
    internal long BatchNumber { get; init; }
}

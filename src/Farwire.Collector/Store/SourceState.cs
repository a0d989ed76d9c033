using System.Data.Common;

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

    /// <summary>Reads what every store keeps of a source, in the order of the catalogue's columns.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">How the store writes a time that is there.</param>
    internal static SourceState Read<TRow>(TRow row, Func<TRow, int, DateTime> time)
        where TRow : DbDataReader
    {
        return new(row.GetString(0), row.GetString(1))
        {
            MachineId = Text(2),
            Address = Text(3),
            Bookmark = Text(4),
            FirstSeen = Time(5),
            LastSeen = Time(6),
            LastEnumerate = Time(7),
            LastDelivery = Time(8),
            LastEventTime = Time(9),
            LastHeartbeat = Time(10),
            Events = row.GetInt64(11),
            Duplicates = row.GetInt64(12),
            Dropped = row.GetInt64(13),
            Broken = row.GetInt64(14),
            LastErrorCode = row.GetInt64(15),
            LastError = Text(16),
            LastErrorTime = Time(17),
            NextRetry = Time(18),
            LastBatch = row.IsDBNull(19) ? null : row.GetFieldValue<byte[]>(19),
            MissingRecords = row.GetInt64(20),
            ClearedLogs = row.GetInt64(21),
            StrangeEvents = row.GetInt64(22),
        };

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

        DateTime? Time(int column) => row.IsDBNull(column) ? null : time(row, column);
    }
}

namespace Farwire.Collector.Store;

/// <summary>What a batch changes of what is known of its source.</summary>
internal static class SourceProgress
{
    /// <summary>Adds the events of a batch to a block, unless it came before; answers what is known after it.</summary>
    /// <param name="work">The batch; gets its outcome.</param>
    /// <param name="batch">The same.</param>
    /// <param name="before">What was known.</param>
    /// <param name="block">The block of this commit.</param>
    /// <param name="first">The number of the block's first event.</param>
    /// <param name="now">The time of the commit.</param>
    public static SourceState Take(StoreWork work, StoreBatch batch, SourceState before, IEventBlock block, long first, DateTime now)
    {
        var state = before with
        {
            MachineId = batch.MachineId ?? before.MachineId,
            Address = batch.Address ?? before.Address,
            FirstSeen = before.FirstSeen ?? now,
            LastSeen = now,
        };
        if (before.LastBatch is { } last && last.AsSpan().SequenceEqual(work.Hash))
        {
            work.Outcome = new StoreOutcome(true, 0);
            return state with { Duplicates = state.Duplicates + 1 };
        }

        work.Outcome = new StoreOutcome(false, batch.Events.Count > 0 ? first + block.Count : 0);
        var origin = new EventOrigin(now, batch.Source, batch.CompanionOf ?? batch.Subscription);
        var broken = 0;
        var newest = before.LastEventTime;
        foreach (var record in batch.Events)
        {
            block.Add(record, origin);
            broken += record.IsBroken ? 1 : 0;
            newest = record.System.TimeCreated ?? newest;
        }

        return state with
        {
            Bookmark = batch.Bookmark ?? before.Bookmark,
            LastBatch = work.Hash,
            LastDelivery = now,
            LastEventTime = newest,
            Events = before.Events + batch.Events.Count,
            Dropped = before.Dropped + batch.Dropped,
            Broken = before.Broken + broken,
            MissingRecords = before.MissingRecords + batch.Missing,
            ClearedLogs = before.ClearedLogs + batch.Cleared,
            StrangeEvents = before.StrangeEvents + batch.Strange,
        };
    }

    /// <summary>What was committed, with what was noted while it was on its way to the disk: a heartbeat, an error.</summary>
    public static SourceState Merge(SourceState noted, SourceState committed) => committed with
    {
        LastHeartbeat = noted.LastHeartbeat ?? committed.LastHeartbeat,
        LastEnumerate = noted.LastEnumerate ?? committed.LastEnumerate,
        LastError = noted.LastError,
        LastErrorCode = noted.LastErrorCode,
        LastErrorTime = noted.LastErrorTime,
        NextRetry = noted.NextRetry,
    };
}

using Farwire.Collector.Store;
using Farwire.Events.Records;

namespace Farwire.Collector.Sources;

/// <summary>From events as they came to events that are safe, whichever way they came.</summary>
/// <remarks>A batch is never refused for what its events contain: it would come again and block the source.</remarks>
internal sealed class EventIntake(EventCollector collector)
{
    /// <summary>Keeps what was delivered; ends when it is safe.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was kept: the log is off, the disk is full, or an output is too far behind.</exception>
    public async Task TakeAsync(Delivered delivered)
    {
        if (!collector.EventLog.IsEnabled)
        {
            throw new StoreUnavailableException($"The log {ForwardedEventsLog.Name} is off; 'wecutil qc' switches it on.");
        }

        if (collector.Outputs.FirstOrDefault(output => output.IsBlocking) is { } behind)
        {
            throw new StoreUnavailableException($"The output '{behind.Options.Name}' is {behind.Lag} events behind.");
        }

        var (source, subscription) = (delivered.Source, delivered.Subscription.Id);
        var state = await collector.Store.FetchAsync(source, subscription).ConfigureAwait(false);
        var records = new List<EventRecord>(delivered.Events.Count);
        foreach (var xml in delivered.Events)
        {
            var record = EventRecord.Read(xml);
            if (!record.IsBookmarkMarker)
            {
                records.Add(record);
            }
            else if (state?.Bookmark is not null)
            {
                // Begun anew although it was told where to go on: what lies between may be lost.
                Log.BookmarkIgnored(collector.Logger, source, subscription);
                Error(source, subscription, 0, "The source began anew although its bookmark had been sent: events may be missing.");
            }
        }

        if (delivered.Dropped > 0)
        {
            Log.EventsDropped(collector.Logger, source, subscription, delivered.Dropped);
        }

        var findings = BatchFindings.Of(delivered.Subscription, source, state?.Bookmark, records);
        Tell(source, subscription, findings);

        // A Pull that brought neither events nor a bookmark leaves nothing to keep.
        if (records.Count > 0 || delivered.Bookmark is not null || delivered.Dropped > 0)
        {
            await collector.Store.AppendAsync(new StoreBatch(source, subscription, records)
            {
                CompanionOf = delivered.Subscription.CompanionOf,
                Bookmark = delivered.Bookmark,
                Dropped = delivered.Dropped,
                Seen = state?.BatchNumber ?? 0,
                Missing = findings.Missing,
                Cleared = findings.Cleared,
                Strange = findings.Strange,
                MachineId = delivered.MachineId,
                Address = delivered.Address,
            }).ConfigureAwait(false);
        }
    }

    private void Tell(string source, string subscription, BatchFindings findings)
    {
        if (findings.Missing > 0)
        {
            Log.RecordsMissing(collector.Logger, source, subscription, findings.Missing);
        }

        if (findings.Cleared > 0)
        {
            Log.LogCleared(collector.Logger, source, subscription);
        }

        if (findings.Strange > 0)
        {
            Log.StrangeComputer(collector.Logger, source, subscription, findings.Strange);
        }
    }

    /// <summary>Notes what went wrong at a source.</summary>
    public void Error(string source, string subscription, long code, string text)
    {
        var now = collector.Time.GetUtcNow().UtcDateTime;
        collector.Store.Note(source, subscription, state => state with { LastSeen = now, LastErrorCode = code, LastError = text, LastErrorTime = now });
    }
}

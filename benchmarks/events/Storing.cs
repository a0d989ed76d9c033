using System.Diagnostics;
using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.Events.Queries;
using Farwire.Events.Records;

namespace Farwire.Benchmarks.Events;

/// <summary>The store with its syncs, and the search in it.</summary>
internal static class Storing
{
    private const int BatchEvents = 50;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string[] samples)
    {
        var records = samples.Select(EventRecord.Read).ToArray();
        foreach (var sources in new[] { 1, 16, 128 })
        {
            await MeasureAsync(records, sources, search: sources == 128);
        }
    }

    private static async Task MeasureAsync(EventRecord[] records, int sources, bool search)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-bench-").FullName;
        await using (var store = EventStore.Open(folder))
        {
            var times = new List<double>[sources];
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, sources).Select(source => Task.Run(async () =>
            {
                times[source] = [];
                var random = new Random(source);
                for (var i = 0L; clock.Elapsed < Duration; i++)
                {
                    var at = random.Next(records.Length - BatchEvents);
                    var began = Stopwatch.GetTimestamp();
                    await store.AppendAsync(new StoreBatch($"src{source}", "bench", records[at..(at + BatchEvents)]) { Bookmark = $"{i}" });
                    times[source].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            })));
            var seconds = clock.Elapsed.TotalSeconds;
            var all = times.SelectMany(t => t).Order().ToArray();
            Console.WriteLine($"{$"store, synced, {sources} sources, batches of {BatchEvents}",-55} {store.Events / seconds,12:#,0} events/s, Ack p50 {all[all.Length / 2]:0.0} ms, p99 {all[(int)(all.Length * 0.99)]:0.0} ms, {(double)store.Bytes / store.Events:0} bytes an event");
            if (search)
            {
                await SearchAsync(store);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task SearchAsync(EventStore store)
    {
        await TimeAsync("search, all blocks, XPath on System", new EventSearch { Filter = EventFilter.Parse("*[System[EventID=6005 and Level=4]]") });
        await TimeAsync("search, all blocks, text that is nowhere", new EventSearch { Text = "this stands in no event" });
        await TimeAsync("search, all blocks, XPath on EventData", new EventSearch { Filter = EventFilter.Parse("*[EventData[Data[@Name='nowhere']='x']]") });
        await TimeAsync("search, all blocks, XPath on a field many events have", new EventSearch { Filter = EventFilter.Parse("*[EventData[Data[@Name='HiveName']='x']]") });
        await TimeAsync("search, provider that no block holds", new EventSearch { Provider = "Nobody" });

        async Task TimeAsync(string name, EventSearch search)
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            var found = 0;
            await foreach (var _ in store.SearchAsync(search))
            {
                found++;
            }

            Console.WriteLine($"{name,-55} {store.Events / clock.Elapsed.TotalSeconds,12:#,0} events/s scanned ({clock.Elapsed.TotalMilliseconds:0} ms, {store.Events / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:#,0} a second of processor time, {found} found of {store.Events})");
        }
    }
}

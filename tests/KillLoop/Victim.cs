using Farwire.Collector.Store;
using Farwire.Events.Records;

namespace Farwire.KillLoop;

/// <summary>Eight sources that send as fast as they get their acknowledgements.</summary>
internal static class Victim
{
    public const int Sources = 8;
    private const int BatchEvents = 20;

    public static async Task<int> RunAsync(string folder)
    {
        // Small segments: a kill shall hit the change of one to the next as well.
        await using var store = EventStore.Open(folder, new EventStoreOptions { SegmentBytes = 200_000, MinFreeBytes = 0 });
        var says = new Lock();
        void Say(string text)
        {
            lock (says)
            {
                Console.Out.WriteLine(text);
            }
        }

        // A batch that was on its way when the last process died is sent again as it was: its acknowledgement never came.
        var pending = File.Exists(folder + ".pending") ? File.ReadAllLines(folder + ".pending").Select(line => line.Split(' ')).ToDictionary(f => f[0], f => long.Parse(f[1])) : [];
        await Task.WhenAll(Enumerable.Range(0, Sources).Select(async number =>
        {
            var source = $"source{number}";
            var next = pending.TryGetValue(source, out var again) ? again : long.Parse(store.Source(source, "kill")?.Bookmark ?? "0") + 1;
            while (true)
            {
                var events = Enumerable.Range(0, BatchEvents).Select(i => Event(source, next + i)).ToList();
                var last = next + BatchEvents - 1;
                Say($"sent {source} {next}");
                await store.AppendAsync(new StoreBatch(source, "kill", events) { Bookmark = $"{last}" });
                Say($"ack {source} {last}");
                next = last + 1;
            }
        }));
        return 0;
    }

    private static EventRecord Event(string source, long id) => EventRecord.Read(
        $"<Event><System><Provider Name='KillLoop'/><EventID>{id % 100}</EventID><EventRecordID>{id}</EventRecordID><Channel>Application</Channel><Computer>{source}</Computer></System><EventData><Data>{new string('x', (int)(id % 300))}</Data></EventData></Event>");
}

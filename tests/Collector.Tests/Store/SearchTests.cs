using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.Events.Queries;
using Farwire.Events.Records;

namespace Farwire.Collector.Tests.Store;

public sealed class SearchTests
{
    public static TheoryData<string> Questions => ["all", "time", "channel", "computer", "provider", "id", "level", "xpath", "xpath on data", "query list", "text", "source", "everything", "nothing", "after"];

    [Theory]
    [Trait("Feature", "WEC-06")]
    [MemberData(nameof(Questions))]
    public async Task A_search_finds_what_a_walk_over_all_events_finds(string question)
    {
        await using var place = new TemporaryStore(new EventStoreOptions { SegmentBytes = 60_000 });
        await FillAsync(place.Store);
        var (search, expected) = Ask(question);

        var found = await place.Store.SearchAsync(search).ToListAsync();
        var newest = await place.Store.SearchAsync(search with { NewestFirst = true, Limit = 7 }).ToListAsync();

        var wanted = Sample.All.Select((record, i) => (Record: record, Sequence: i + 1L)).Where(e => expected(e.Record, e.Sequence)).Select(e => e.Sequence).ToList();
        Assert.True(question == "nothing" || wanted.Count > 0, "the question must have an answer");
        Assert.Equal(wanted, found.Select(e => e.Sequence));
        Assert.Equal(wanted.AsEnumerable().Reverse().Take(7), newest.Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_broken_event_is_found_by_what_is_known_of_it()
    {
        await using var place = new TemporaryStore();
        await place.Store.AppendAsync(Sample.Batch("a", EventRecord.Read("<Event><System><EventID>4624</EventID><Channel>Security</Channel></System><EventData><Data Name='x'>cut he"), EventRecord.Read("no XML at all")));

        var found = (await place.Store.SearchAsync(new EventSearch { EventIds = [4624] }).ToListAsync()).Single();

        Assert.Equal("the text ends inside an element", found.Problem);
        Assert.Single(await place.Store.SearchAsync(new EventSearch { Filter = EventFilter.Parse("*[EventData[Data[@Name='x']='cut he']]") }).ToListAsync());
        Assert.Single(await place.Store.SearchAsync(new EventSearch { Text = "XML at ALL" }).ToListAsync());
        Assert.Equal(2, place.Store.Source("a", "base")!.Broken);
    }

    [Fact]
    public void A_summary_never_says_no_to_what_is_there()
    {
        var random = new Random(7);
        var keys = Enumerable.Range(0, 3000).Select(_ => (ulong)random.NextInt64()).ToList();
        var summary = BlockSummary.Of(keys);

        Assert.All(keys, key => Assert.True(BlockSummary.MayHold(summary, key)));
        var wrong = Enumerable.Range(0, 10_000).Count(_ => BlockSummary.MayHold(summary, (ulong)random.NextInt64()));
        Assert.True(wrong < 500, $"{wrong} of 10000 foreign keys were taken for known");
        Assert.Equal(BlockSummary.Key('c', "Security"), BlockSummary.Key('c', "SECURITY"));
        Assert.NotEqual(BlockSummary.Key('c', "Security"), BlockSummary.Key('h', "Security"));
    }

    private static async Task FillAsync(EventStore store)
    {
        for (var i = 0; i < Sample.All.Count; i += 50)
        {
            await store.AppendAsync(new StoreBatch(i < 300 ? "early" : "late", "base", [.. Sample.All.Skip(i).Take(50)]));
        }
    }

    private static (EventSearch Search, Func<EventRecord, long, bool> Expected) Ask(string question)
    {
        var from = new DateTime(2017, 7, 12, 17, 16, 10, DateTimeKind.Utc);
        var to = new DateTime(2017, 7, 13, 0, 0, 0, DateTimeKind.Utc);
        const string list = "<QueryList><Query><Select Path='System'>*[System[Level=2]]</Select><Select Path='Application'>*</Select></Query></QueryList>";
        var provider = Sample.All[3].System.ProviderName!;
        return question switch
        {
            "all" => (new EventSearch(), (_, _) => true),
            "time" => (new EventSearch { From = from, To = to }, (e, _) => e.System.TimeCreated >= from && e.System.TimeCreated < to),
            "channel" => (new EventSearch { Channel = "application" }, (e, _) => e.System.Channel == "Application"),
            "computer" => (new EventSearch { Computer = "win-p4siaa0sqco" }, (e, _) => e.System.Computer == "WIN-P4SIAA0SQCO"),
            "provider" => (new EventSearch { Provider = provider.ToUpperInvariant() }, (e, _) => e.System.ProviderName == provider),
            "id" => (new EventSearch { EventIds = [98, 6005] }, (e, _) => e.System.EventId is 98 or 6005),
            "level" => (new EventSearch { Levels = [2, 3] }, (e, _) => e.System.Level is 2 or 3),
            "xpath" => (new EventSearch { Filter = EventFilter.Parse("*[System[EventID>6000 and EventID<7000]]") }, (e, _) => e.System.EventId is > 6000 and < 7000),
            "xpath on data" => (new EventSearch { Filter = EventFilter.Parse("*[EventData[Data[@Name='MajorVersion']=10]]") }, (e, _) => e.Xml.Contains("<Data Name='MajorVersion'>10<", StringComparison.Ordinal)),
            "query list" => (new EventSearch { Query = EventQuery.Parse(list) }, (e, _) => (e.System.Channel == "System" && e.System.Level == 2) || e.System.Channel == "Application"),
            "text" => (new EventSearch { Text = "HARDDISKvolume" }, (e, _) => e.Xml.Contains("harddiskvolume", StringComparison.OrdinalIgnoreCase)),
            "source" => (new EventSearch { Source = "LATE" }, (_, sequence) => sequence > 300),
            "everything" => (new EventSearch { Channel = "System", From = from, EventIds = [98], Text = "harddisk" }, (e, _) => e.System.Channel == "System" && e.System.TimeCreated >= from && e.System.EventId == 98 && e.Xml.Contains("harddisk", StringComparison.OrdinalIgnoreCase)),
            "nothing" => (new EventSearch { Channel = "Nowhere" }, (_, _) => false),
            _ => (new EventSearch { After = 120, Before = 500 }, (_, sequence) => sequence is > 120 and < 500),
        };
    }
}

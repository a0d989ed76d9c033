using Farwire.Collector.Search;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Tests.Sources;

public sealed class CompanionTests
{
    private const string Security = "<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select></Query></QueryList>";
    private const string WithSystem = "<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select><Select Path=\"System\">*[System[Level=2]]</Select><Suppress Path=\"System\">*[System[EventID=7]]</Suppress></Query></QueryList>";
    private const string WithAll = "<QueryList><Query Id=\"0\"><Select Path=\"Security\">*</Select><Select Path=\"System\">*[System[Level=2]]</Select><Suppress Path=\"System\">*[System[EventID=7]]</Suppress></Query><Query Id=\"1\" Path=\"Setup\"><Select>*</Select></Query></QueryList>";

    [Fact]
    public async Task A_channel_that_is_added_travels_beside_the_subscription_and_its_past_stays_where_it_is()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base", s => s with { Query = Security });
        var source = collector.Source();
        var before = Assert.Single(await source.EnumerateAsync());
        using (await source.EventsAsync(before, "10", Sample.Event(1, 10).Xml))
        {
        }

        collector.Subscribe("Base", s => s with { Query = WithSystem });
        await collector.RestartAsync(); // what was added when is kept
        source = collector.Source();
        var items = await source.EnumerateAsync();

        Assert.Equal(["Base", "Base#2"], items.Select(item => item.Headers.Options["SubscriptionName"]));
        Assert.Contains("RecordId=\"10\"", items[0].Subscribe.Bookmark, StringComparison.Ordinal);
        Assert.DoesNotContain("System", items[0].Subscribe.Filter!.Xml!.Replace("System[", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Null(items[1].Subscribe.Bookmark); // begins now
        Assert.Equal("<QueryList><Query Id=\"0\"><Select Path=\"System\">*[System[Level=2]]</Select><Suppress Path=\"System\">*[System[EventID=7]]</Suppress></Query></QueryList>", items[1].Subscribe.Filter!.Xml);
        Assert.NotEqual(items[0].Subscribe.Delivery.NotifyTo!.Address, items[1].Subscribe.Delivery.NotifyTo!.Address);

        // What comes by it belongs to the subscription; where it continues is its own.
        using (await source.DeliverAsync(items[1], Farwire.Protocol.Names.Actions.Events, new Farwire.Protocol.Eventing.EventBatch { Events = [Sample.Event(2, 77, channel: "System").Xml] }, "<BookmarkList><Bookmark Channel=\"System\" RecordId=\"77\" IsCurrent=\"true\"/></BookmarkList>"))
        {
        }

        Assert.Equal([1, 2], (await collector.Collector.Store.SearchAsync(new EventSearch { Subscription = "base" }).ToListAsync()).Select(stored => stored.System.EventId));
        items = await source.EnumerateAsync();
        Assert.Contains("RecordId=\"10\"", items[0].Subscribe.Bookmark, StringComparison.Ordinal);
        Assert.Contains("RecordId=\"77\"", items[1].Subscribe.Bookmark, StringComparison.Ordinal);
        Assert.Equal(["Base", "Base#2"], collector.Collector.Sources.Select(one => one.State.Subscription));

        // Another one has a companion of its own: the first has a bookmark by now. One that goes takes nothing along.
        collector.Subscribe("Base", s => s with { Query = WithAll });
        Assert.Equal(["Base", "Base#2", "Base#3"], (await source.EnumerateAsync()).Select(item => item.Headers.Options["SubscriptionName"]));
        collector.Subscribe("Base", s => s with { Query = WithAll.Replace("Security", "Setup", StringComparison.Ordinal) });
        Assert.Equal(["Base#2", "Base#3"], (await source.EnumerateAsync()).Select(item => item.Headers.Options["SubscriptionName"]));
    }

    [Fact]
    public async Task Nobody_needs_a_companion_before_a_source_has_begun_or_where_the_past_is_wanted()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base", s => s with { Query = Security });
        collector.Subscribe("All", s => s with { Query = Security, ReadExistingEvents = true });
        var source = collector.Source();
        var all = (await source.EnumerateAsync())[0];
        Assert.Equal("All", all.Headers.Options["SubscriptionName"]);
        using (await source.EventsAsync(all, "10", Sample.Event(1, 10).Xml))
        {
        }

        collector.Subscribe("Base", s => s with { Query = WithSystem });
        collector.Subscribe("All", s => s with { Query = WithSystem, ReadExistingEvents = true });

        Assert.Equal([("All", WithSystem), ("Base", WithSystem)], (await source.EnumerateAsync()).Select(item => (item.Headers.Options["SubscriptionName"]!, item.Subscribe.Filter!.Xml!)));
    }

    [Fact]
    public async Task A_name_that_somebody_uses_is_not_taken_and_removing_forgets()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base", s => s with { Query = Security });
        collector.Subscribe("base#2", s => s with { Query = Security });
        var source = collector.Source();
        using (await source.EventsAsync((await source.EnumerateAsync())[0], "10", Sample.Event(1, 10).Xml))
        {
        }

        collector.Subscribe("Base", s => s with { Query = WithSystem });
        Assert.Equal(["Base", "Base#3", "base#2"], (await source.EnumerateAsync()).Select(item => item.Headers.Options["SubscriptionName"]));

        Assert.True(await collector.Collector.RemoveAsync("Base"));
        Assert.Equal(["base#2"], (await source.EnumerateAsync()).Select(item => item.Headers.Options["SubscriptionName"]));
        collector.Subscribe("Base", s => s with { Query = WithSystem });
        Assert.Equal(["Base", "base#2"], (await source.EnumerateAsync()).Select(item => item.Headers.Options["SubscriptionName"]));
    }
}

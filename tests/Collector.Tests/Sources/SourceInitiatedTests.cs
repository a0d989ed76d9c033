using System.Security.Claims;
using Farwire.Collector.Access;
using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.Events.Bookmarks;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;

namespace Farwire.Collector.Tests.Sources;

public sealed class SourceInitiatedTests
{
    private static readonly string One = Sample.Event(4624, 10).Xml;
    private static readonly string Two = Sample.Event(4625, 11).Xml;

    [Fact]
    public async Task A_source_gets_the_subscriptions_that_are_for_it_whole_in_one_answer()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base", s => s with { ReadExistingEvents = true, Locale = "de-DE", ConfigurationMode = ConfigurationMode.MinLatency });
        collector.Subscribe("Others", s => s with { AllowedPrincipals = ["dc*"] });
        collector.Subscribe("Off", s => s with { Enabled = false });
        collector.Subscribe("Over", s => s with { Expires = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc) });
        collector.Subscribe("Pulled", s => s with { Type = SubscriptionType.CollectorInitiated });

        var item = Assert.Single(await collector.Source().EnumerateAsync());

        var id = SubscriptionVersion.Identifier("Base").ToString().ToUpperInvariant();
        Assert.Equal($"https://wec.corp.example:5986/wsman/subscriptions/{id}", item.Subscribe.Delivery.NotifyTo!.Address);
        Assert.Equal(id, item.Subscribe.Delivery.NotifyTo.Identifier);
        Assert.Equal(DeliveryPolicy.HttpsKerberos, item.Subscribe.Delivery.NotifyTo.Policy!.Profile);
        Assert.Equal(item.Subscribe.Delivery.NotifyTo.Address, item.Subscribe.EndTo!.Address);
        Assert.Equal(DeliveryModes.Events, item.Subscribe.Delivery.Mode);
        Assert.Equal(TimeSpan.FromSeconds(30), item.Subscribe.Delivery.MaxTime);
        Assert.Equal(TimeSpan.FromHours(1), item.Subscribe.Delivery.Heartbeats);
        Assert.Equal("de-DE", item.Subscribe.Delivery.Locale);
        Assert.Equal(BookmarkList.Earliest, item.Subscribe.Bookmark);
        Assert.Equal("Base", item.Headers.Options["SubscriptionName"]);
        Assert.Equal("SLDC", item.Headers.Options["Compression"]);
        Assert.True(item.Headers.Options.IsTrue("ReadExistingEvents"));
        Assert.Contains("<Select Path=\"Security\">*</Select>", item.Subscribe.Filter!.Xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_stays_over_a_restart_and_changes_with_the_subscription()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var first = (await source.EnumerateAsync())[0];
        await source.EventsAsync(first, "10", One);
        await collector.RestartAsync();

        var again = (await source.EnumerateAsync())[0];
        collector.Subscribe("Base", s => s with { ContentFormat = ContentFormat.Events });
        var changed = (await source.EnumerateAsync())[0];

        Assert.Equal(first.Version, again.Version);
        Assert.NotEqual(first.Version, changed.Version);
        Assert.Equal(first.Subscribe.Delivery.NotifyTo!.Address, changed.Subscribe.Delivery.NotifyTo!.Address);
    }

    [Fact]
    [Trait("Feature", "PRO-25")]
    public async Task A_bookmark_comes_back_after_a_restart_and_nothing_is_lost_or_doubled()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];
        Assert.Null(item.Subscribe.Bookmark);

        using (var ack = await source.EventsAsync(item, "10", One))
        {
            Assert.Equal(Actions.Ack, ack!.Headers.Action);
            Assert.Null(ack.Headers.OperationId); // who echoes it promises to repeat the answer
            Assert.False(ack.Body.HasElement);
        }

        await collector.RestartAsync();
        var resumed = (await source.EnumerateAsync())[0];
        Assert.Equal(10ul, BookmarkList.Read(resumed.Subscribe.Bookmark!)!.Channels.Single().RecordId);

        // The acknowledgement was lost: the same batch comes again, then the next.
        (await source.EventsAsync(resumed, "10", One))!.Dispose();
        (await source.EventsAsync(resumed, "11", Two))!.Dispose();

        Assert.Equal([4624, 4625], (await collector.Collector.Store.SearchAsync(new EventSearch()).ToListAsync()).Select(e => e.System.EventId!.Value));
        Assert.Equal(1, collector.Collector.Store.Source("src01", "Base")!.Duplicates);
    }

    [Fact]
    [Trait("Feature", "WEC-10")]
    public async Task A_subscription_stops_at_its_end()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base", s => s with { Expires = collector.Time.GetUtcNow().UtcDateTime.AddHours(1) });
        var source = collector.Source();

        Assert.Single(await source.EnumerateAsync());
        collector.Time.Advance(TimeSpan.FromHours(1));

        // A source ends what its collector does not name any more.
        Assert.Empty(await source.EnumerateAsync());
    }

    [Fact]
    public async Task A_heartbeat_is_acknowledged_and_remembered()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();

        using var ack = await source.HeartbeatAsync((await source.EnumerateAsync())[0]);

        Assert.Equal(Actions.Ack, ack!.Headers.Action);
        var state = collector.Collector.Store.Source("src01", "base")!;
        Assert.Equal(collector.Time.GetUtcNow().UtcDateTime, state.LastHeartbeat);
        Assert.Equal("src01.corp.example", state.MachineId);
        Assert.Equal("192.0.2.7", state.Address);
    }

    [Fact]
    public async Task A_batch_is_never_refused_for_what_its_events_contain()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];

        using var ack = await source.EventsAsync(item, "12", "<Event><System><EventID>1</EventID></System><EventData><Data>cut", "", "no XML \u0005", One);

        Assert.Equal(Actions.Ack, ack!.Headers.Action);
        var found = await collector.Collector.Store.SearchAsync(new EventSearch()).ToListAsync();
        Assert.Equal([true, true, true, false], found.Select(e => e.Problem is not null));
        Assert.Equal(3, collector.Collector.Store.Source("src01", "Base")!.Broken);
        Assert.Contains("\u2405", found[2].Record.Xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_marker_of_a_new_start_moves_the_bookmark_is_no_event_and_alarms_when_a_bookmark_was_there()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];
        var marker = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", "rendered", "bookmark-marker-111.xml"));

        (await source.EventsAsync(item, "1407", marker))!.Dispose();
        Assert.Equal(0, collector.Collector.Store.Events);
        Assert.Null(collector.Collector.Store.Source("src01", "Base")!.LastError);
        Assert.Contains("1407", (await source.EnumerateAsync())[0].Subscribe.Bookmark, StringComparison.Ordinal);

        (await source.EventsAsync(item, "1500", marker))!.Dispose();
        Assert.Contains("began anew", collector.Collector.Store.Source("src01", "Base")!.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropped_events_are_counted_and_the_end_is_told()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];

        (await source.DeliverAsync(item, Actions.Events, new EventBatch { Events = [One], Dropped = 12 }, null))!.Dispose();
        using var ack = await source.DeliverAsync(item, Actions.SubscriptionEnd, new SubscriptionEnd(SubscriptionEnd.SourceCancelling) { Reason = "gone" }, null);

        Assert.Equal(Actions.Ack, ack!.Headers.Action);
        var state = collector.Collector.Store.Source("src01", "Base")!;
        Assert.Equal(12, state.Dropped);
        Assert.Equal("SourceCancelling: gone", state.LastError);
    }

    [Fact]
    public async Task Single_events_are_taken_with_and_without_acknowledgement()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];
        var body = new XmlBody(System.Text.Encoding.UTF8.GetBytes(One));

        using var ack = await source.DeliverAsync(item, Actions.Event, body, null);
        var nothing = await source.DeliverAsync(item, Actions.Event, new XmlBody(System.Text.Encoding.UTF8.GetBytes(Two)), null, ack: false);

        Assert.Equal(Actions.Ack, ack!.Headers.Action);
        Assert.Null(nothing);
        Assert.Equal(2, collector.Collector.Store.Events);
    }

    [Theory]
    [InlineData("subscription", 2150858789)]
    [InlineData("identifier", 2150858789)]
    [InlineData("source", 5)]
    public async Task What_does_not_belong_here_faults(string what, long code)
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var item = (await collector.Source().EnumerateAsync())[0];
        var other = item.Subscribe.Delivery.NotifyTo! with { Address = "https://wec/wsman/subscriptions/" + Guid.NewGuid() };
        var wrong = what == "subscription" ? item with { Subscribe = item.Subscribe with { Delivery = item.Subscribe.Delivery with { NotifyTo = other } } } : item;

        using var reply = await collector.Source(what == "source" ? "stranger" : "src01").DeliverAsync(
            wrong, Actions.Events, new EventBatch { Events = [One] }, null, what == "identifier" ? Guid.NewGuid().ToString() : null);

        Assert.Equal((uint)code, reply!.Fault!.Code);
        Assert.Equal(0, collector.Collector.Store.Events);
    }

    [Fact]
    public async Task A_full_disk_makes_sources_wait_but_heartbeats_pass()
    {
        await using var collector = new RunningCollector(new EventStoreOptions { MinFreeBytes = long.MaxValue });
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];

        var thrown = await Assert.ThrowsAsync<ServiceBusyException>(() => source.EventsAsync(item, "10", One));

        Assert.Equal(TimeSpan.FromSeconds(60), thrown.RetryAfter);
        using var ack = await source.HeartbeatAsync(item);
        Assert.Equal(Actions.Ack, ack!.Headers.Action);
    }

    [Fact]
    public async Task The_default_descriptor_lets_domain_computers_in_and_nobody_else()
    {
        const string domain = "S-1-5-21-1-2-3";
        await using var collector = new RunningCollector();
        collector.Subscribe("Default", s => s with { AllowedPrincipals = [] });
        collector.Subscribe("Group", s => s with { AllowedPrincipals = [], AllowedSourceDomainComputers = $"O:NSG:NSD:(D;;GA;;;{domain}-7)(A;;GA;;;{domain}-9)" });

        // The machines' groups come as SIDs of the ticket.
        static Claim Group(string sid) => new(ClaimTypes.GroupSid, sid);
        Assert.Empty(await collector.Source("anybody").EnumerateAsync());
        Assert.Equal(["Group"], (await collector.Source("SRC01$", Group($"{domain}-9")).EnumerateAsync()).Select(i => i.Headers.Options["SubscriptionName"]!));
        Assert.Empty(await collector.Source("SRC02$", Group($"{domain}-9"), Group($"{domain}-7")).EnumerateAsync());
        Assert.Equal(["Default"], (await collector.Source("NETWORK", Group("S-1-5-20")).EnumerateAsync()).Select(i => i.Headers.Options["SubscriptionName"]!));
    }

    [Theory]
    [Trait("Feature", "WEC-05")]
    [InlineData("web1.example.com", "AA11", true)]
    [InlineData("WEB1.EXAMPLE.COM", "aa 11", true)]
    [InlineData("lab.example.com", "AA11", false)] // denied first
    [InlineData("web1.example.com", "BB22", false)] // another authority
    [InlineData("web1.example.org", "AA11", false)] // no subject allows it
    public async Task A_certificate_counts_by_its_issuer_and_its_names(string dns, string issuer, bool allowed)
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Certificates", s => s with
        {
            AllowedPrincipals = [],
            AllowedIssuerCAs = ["AA 11"],
            AllowedSubjects = ["*.example.com"],
            DeniedSubjects = ["lab.*"],
        });

        var items = await collector.Source(dns, new Claim(ClaimTypes.Dns, dns), new Claim(SourceClaims.IssuerThumbprint, issuer)).EnumerateAsync();

        Assert.Equal(allowed ? 1 : 0, items.Count);
        if (allowed)
        {
            Assert.Equal(new DeliveryPolicy(DeliveryPolicy.HttpsMutual, issuer.ToUpperInvariant()), items[0].Subscribe.Delivery.NotifyTo!.Policy);
        }
    }

    [Theory]
    [InlineData("192.0.2.0/24", 1)]
    [InlineData("192.0.2.7", 1)]
    [InlineData("10.0.0.0/8", 0)]
    public async Task Networks_limit_what_other_rules_allow(string network, int count)
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base", s => s with { AllowedAddresses = [network] });

        Assert.Equal(count, (await collector.Source().EnumerateAsync()).Count);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*b?c", "aXXbYc", true)]
    [InlineData("a*b?c", "abc", false)]
    [InlineData("*.x", "y.x.z", false)]
    [InlineData("***a", "bca", true)]
    [InlineData("a", "A", true)]
    [InlineData("", "a", false)]
    public void A_star_stands_for_any_characters(string pattern, string name, bool matches) => Assert.Equal(matches, Glob.Matches(pattern, name));

    [Fact]
    public async Task An_address_that_is_none_faults_for_deliveries_would_go_there()
    {
        await using var collector = new RunningCollector();
        collector.Subscribe("Base");

        var thrown = await Assert.ThrowsAsync<WSManFaultException>(() => collector.Source().EnumerateAsync("somewhere"));

        Assert.Contains("a:To must be the collector's own address", thrown.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_people_are_read_and_changes_seen()
    {
        await using var collector = new RunningCollector();
        var folder = Directory.CreateTempSubdirectory("farwire-subs-").FullName;
        var store = new Farwire.Collector.Subscriptions.SubscriptionStore(Path.Combine(collector.Folder, "own"), [folder]);
        Assert.Empty(store.All);

        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "subscriptions", "palantir-mit", "DNS.xml"), Path.Combine(folder, "dns.xml"));
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.xml"), "<Subscription/>");
        store.Refresh();

        Assert.Equal("DNS", Assert.Single(store.All).Id);
        store.Put(store.Find("dns")! with { Description = "ours" });
        Assert.Equal("ours", store.Find("DNS")!.Description);
        Assert.Contains("remove it there", Assert.Throws<InvalidOperationException>(() => store.Remove("DNS")).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}

using System.Security.Claims;
using System.Xml.Linq;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Client.Eventing;
using Farwire.Events;
using Farwire.Events.Bookmarks;
using Farwire.Events.Records;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.Service.Resources;
using Farwire.Source.Access;
using Farwire.Source.Journal;
using Farwire.Source.Mapping;
using Farwire.Source.Resources;
using Farwire.TestKit.Journal;

namespace Farwire.Source.Tests.Resources;

/// <summary>The event log of a machine with a real journald, as a collector and a person see it.</summary>
public sealed class EventLogTests : IAsyncLifetime
{
    private const string Rules = "channels: {Linux-Auth: {security: 'O:BAG:SYD:(A;;0x7;;;BA)'}}\naliases: {Security: [Linux-Auth]}";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-eventlog-").FullName;
    private JournalDaemon _daemon = null!;
    private JournalChannels _channels = null!;
    private Dispatcher _dispatcher = null!;

    public async ValueTask InitializeAsync()
    {
        if (!JournalDaemon.IsAvailable)
        {
            return;
        }

        _daemon = await JournalDaemon.StartAsync();
        var rules = EventRuleFile.Read(Rules);
        _channels = JournalChannels.Open(Path.Combine(_folder, "journal.db"), rules, "web1.example", _daemon.Directory)!;
        _dispatcher = new Dispatcher(new ResourceCatalog().AddEventLog(_channels, new ChannelAccess(rules.Descriptors)), new ServiceOptions());
    }

    [Fact]
    public async Task Pulled_events_come_as_they_are_logged_and_a_new_subscription_goes_on_at_the_bookmark()
    {
        await using var client = Client("root");
        var subscription = await client.SubscribeAsync(ResourceUris.EventLog, Asking("Linux-Auth"), OptionSet.Of(new Option("ReadExistingEvents", "true"), new Option("ContentFormat", "RenderedText")));
        _daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "one"));
        var first = await PullAsync(subscription);
        Assert.Equal("one", EventRecord.Read(first.Events[0]).Message);
        Assert.Contains("Channel=\"Linux-Auth\"", first.Bookmark);
        Assert.True(await subscription.RenewAsync(TimeSpan.FromMinutes(5)));
        await subscription.EndAsync();
        await Assert.ThrowsAsync<WSManFaultException>(() => subscription.PullAsync(TimeSpan.FromSeconds(1), 10));

        _daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", "two"));
        var again = await client.SubscribeAsync(ResourceUris.EventLog, Asking("Linux-Auth") with { Bookmark = first.Bookmark });
        var second = EventRecord.Read((await PullAsync(again)).Events[0]);

        Assert.Null(second.Message);
        Assert.Equal(2UL, second.System.RecordId);
        Assert.Null(await again.PullAsync(TimeSpan.FromMilliseconds(10), 10));
    }

    [Fact]
    public async Task A_channel_is_open_to_whom_its_descriptor_names_and_unknown_to_all_others()
    {
        await using var reader = Client("ann", "systemd-journal");
        await using var stranger = Client("eve");
        await using var administrator = Client("root");

        Assert.Equal(_channels.Names.Where(name => name != "Linux-Auth").Order(StringComparer.Ordinal), await ChannelsAsync(reader));
        Assert.Contains("Security", await ChannelsAsync(reader));
        Assert.Contains("Linux-Auth", await ChannelsAsync(administrator));
        Assert.Empty(await ChannelsAsync(stranger));
        foreach (var (client, channel) in ((WSManClient, string)[])[(reader, "Linux-Auth"), (stranger, "Linux-Journal"), (administrator, "Nowhere")])
        {
            var refused = await Assert.ThrowsAsync<WSManFaultException>(() => client.SubscribeAsync(ResourceUris.EventLog, Asking(channel)));
            Assert.Equal(15007u, refused.Fault.Code);
            Assert.Contains($"no channel '{channel}'", refused.Fault.Message);
        }

        Assert.NotNull(await reader.SubscribeAsync(ResourceUris.EventLog, Asking("Linux-Auth"), OptionSet.Of(new Option("IgnoreChannelError", null))));
    }

    [Theory]
    [InlineData("<QueryList/>", "selects nothing")]
    [InlineData("<QueryList><Query><Select Path='Linux-Auth'>*[System[EventID=]]</Select></Query></QueryList>", "")]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]><QueryList><Query><Select Path='Linux-Auth'>*</Select></Query></QueryList>", "")]
    [InlineData("<QueryList><Query><Select Path='file:///etc/shadow'>*</Select></Query></QueryList>", "saved log")]
    [InlineData("many channels", "at most 256")]
    [InlineData("deep", "deep")]
    [InlineData("long", "more than 512 terms")]
    public async Task A_hostile_query_is_refused_before_anything_is_read(string query, string reason)
    {
        var text = query switch
        {
            "many channels" => $"<QueryList><Query>{string.Concat(Enumerable.Range(0, 257).Select(i => $"<Select Path='c{i}'>*</Select>"))}</Query></QueryList>",
            "deep" => $"<QueryList><Query><Select Path='Linux-Auth'>*[{new string('(', 64)}System{new string(')', 64)}]</Select></Query></QueryList>",
            "long" => $"<QueryList><Query><Select Path='Linux-Auth'>*[{string.Join(" or ", Enumerable.Repeat("System", 600))}]</Select></Query></QueryList>",
            _ => query,
        };
        await using var client = Client("root");

        var refused = await Assert.ThrowsAsync<WSManFaultException>(() => client.SubscribeAsync(
            ResourceUris.EventLog, new Subscribe(new Delivery(DeliveryModes.Pull)) { Filter = new Filter(Dialects.EventQuery) { Text = text } }));

        Assert.Equal(15001u, refused.Fault.Code);
        Assert.Contains(reason, refused.Fault.Message);
    }

    [Fact]
    public async Task Another_dialect_and_a_bookmark_that_is_none_are_refused()
    {
        await using var client = Client("root");

        Assert.Equal(FaultCatalog.FilteringRequestedUnavailable.Code, (await Assert.ThrowsAsync<WSManFaultException>(() => client.SubscribeAsync(
            ResourceUris.EventLog, Asking("Linux-Auth") with { Filter = Filter.Wql("select * from x") }))).Fault.Code);
        Assert.Equal(FaultCatalog.InvalidParameterValue.Code, (await Assert.ThrowsAsync<WSManFaultException>(() => client.SubscribeAsync(
            ResourceUris.EventLog, Asking("Linux-Auth") with { Bookmark = "<Else/>" }))).Fault.Code);
    }

    [Fact]
    public async Task What_is_there_is_listed_from_either_end_and_a_channel_tells_what_it_holds()
    {
        for (var i = 1; i <= JournalIndex.Distance + 10; i++)
        {
            _daemon.Log(("SYSLOG_FACILITY", "4"), ("MESSAGE", $"{i}"));
        }

        await using var client = Client("root");
        await AsUntilAsync(async () => (await ChannelAsync(client)).Element("NewestRecord") == $"{JournalIndex.Distance + 10}");
        var all = new EnumerationRequest { Filter = new Filter(Dialects.EventQuery) { Text = "<QueryList><Query><Select Path='Security'>*[System[EventRecordID!=1033]]</Select></Query></QueryList>" } };

        var oldest = await client.EnumerateAsync(ResourceUris.EventLog, all).Take(2).ToListAsync();
        await using var newestFirst = Client("root", options: [new Option("NewestFirst", "true"), new Option("Limit", "1030"), new Option("ContentFormat", "RenderedText")]);
        var newest = await newestFirst.EnumerateAsync(ResourceUris.EventLog, all).Select(xml => EventRecord.Read(xml).Message).ToListAsync();

        Assert.Equal([1UL, 2UL], oldest.Select(xml => EventRecord.Read(xml).System.RecordId!.Value));
        Assert.Equal([.. Enumerable.Range(1, JournalIndex.Distance + 10).Reverse().Where(i => i != 1033).Take(1030).Select(i => $"{i}")], newest);
        var (channel, element) = await ChannelAsync(client);
        Assert.Equal(("1034", "1", "O:BAG:SYD:(A;;0x7;;;BA)"), (element("Records"), element("OldestRecord"), element("Security")));
        Assert.True(EventTime.TryParse(element("LastWritten"), out _), channel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _dispatcher.DisposeAsync();
            _channels.Dispose();
            await _daemon.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static Subscribe Asking(string channel) => new(new Delivery(DeliveryModes.Pull))
    {
        Filter = new Filter(Dialects.EventQuery) { Xml = $"<QueryList><Query Id=\"0\"><Select Path=\"{channel}\">*</Select></Query></QueryList>" },
        SendBookmarks = true,
    };

    private static async Task<PulledEvents> PullAsync(RemoteSubscription subscription)
    {
        for (var tries = 0; tries < 6; tries++)
        {
            if (await subscription.PullAsync(TimeSpan.FromSeconds(10), 10) is { } pulled)
            {
                return pulled;
            }
        }

        throw new TimeoutException("No event came.");
    }

    private static async Task<List<string>> ChannelsAsync(WSManClient client) =>
        [.. (await client.EnumerateAsync(SourceUris.Channel).ToListAsync()).Select(xml => XElement.Parse(xml).Elements().Single(e => e.Name.LocalName == "Name").Value).Order(StringComparer.Ordinal)];

    private static async Task<(string Xml, Func<string, string> Element)> ChannelAsync(WSManClient client)
    {
        var xml = await client.GetAsync(SourceUris.Channel, SelectorSet.Of(("Name", "linux-auth")));
        return (xml, name => XElement.Parse(xml).Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value ?? "");
    }

    private static async Task AsUntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private WSManClient Client(string user, string? group = null, IReadOnlyList<Option>? options = null)
    {
        Assert.SkipUnless(JournalDaemon.IsAvailable, JournalDaemon.Needed);
        var claims = new List<Claim> { new(ClaimTypes.Name, user), new(CallerClaims.Account, user) };
        if (group is not null)
        {
            claims.Add(new Claim(CallerClaims.Group, group));
        }

        var caller = new Caller(new ClaimsPrincipal(new ClaimsIdentity(claims, "Test")), "192.0.2.1");
        return new WSManClient(new LoopbackChannel(_dispatcher, caller), new WSManConnectionOptions { Address = new Uri("http://web1.example/wsman"), RequestOptions = OptionSet.Of([.. options ?? []]) });
    }
}

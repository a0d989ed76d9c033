using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Subscriptions that end, and those that outlive the process, seen from outside.</summary>
public sealed class LifetimeTests
{
    [Fact]
    [Trait("Feature", "WEC-10")]
    public async Task A_subscription_stops_at_its_end()
    {
        await using var both = await TwoProcesses.StartAsync();
        var end = DateTime.UtcNow.AddSeconds(8);
        await both.SubscribeAsync("ending", $"<Expires>{end.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}</Expires>");
        await using var listed = new SourceDouble();
        var pulled = Path.Combine(both.Config, "pulled.xml");
        await File.WriteAllTextAsync(pulled, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>pulled</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType><ConfigurationMode>Custom</ConfigurationMode>
            <Delivery Mode="Pull"><Batching><MaxLatencyTime>1000</MaxLatencyTime></Batching></Delivery><Expires>{end.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}</Expires>
            <Query><![CDATA[<QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>]]></Query><TransportName>http</TransportName><TransportPort>{listed.Port}</TransportPort>
            <CredentialsType>Basic</CredentialsType><CommonUserName>u</CommonUserName><CommonPassword>p</CommonPassword><EventSources><EventSource><Address>127.0.0.1</Address></EventSource></EventSources></Subscription>
            """);
        Assert.Equal(0, (await both.RunAsync("wecutil", "cs", pulled)).ExitCode);
        using var sender = new EventSender(both.Shared, TwoProcesses.User, TwoProcesses.Password);
        var item = await sender.SubscribeAsync("ending");
        Assert.NotNull(item);
        Assert.Equal(200, (await sender.SendEventsAsync(item, 1, EventSender.Event(1, "in time"))).Status);
        await AdministeredService.UntilAsync(() => Task.FromResult(!listed.Subscribed.IsEmpty));

        await AdministeredService.UntilAsync(async () => await sender.SubscribeAsync("ending") is null);

        Assert.True(DateTime.UtcNow >= end, "it stopped before its end");
        var (status, body) = await sender.SendEventsAsync(item, 2, EventSender.Event(2, "too late"));
        Assert.Equal(500, status);
        Assert.Contains("is disabled or has ended", body, StringComparison.Ordinal);
        await AdministeredService.UntilAsync(() => Task.FromResult(listed.Actions.Contains("Unsubscribe")));
        Assert.Contains("RunTimeStatus: Disabled", (await both.RunAsync("wecutil", "gr", "ending")).Output, StringComparison.Ordinal);
        Assert.Equal([1], await both.StoredAsync("ending"));

        // Given a later end, it is served again.
        Assert.Equal(0, (await both.RunAsync("wecutil", "ss", "ending", "/ex:2999-01-01T00:00:00")).ExitCode);
        Assert.NotNull(await sender.SubscribeAsync("ending"));
    }

    [Fact]
    [Trait("Feature", "WEC-11")]
    public async Task Subscriptions_sources_and_bookmarks_survive_a_stop_and_a_kill()
    {
        await using var both = await TwoProcesses.StartAsync();
        await both.SubscribeAsync("kept");
        using var sender = new EventSender(both.Shared, TwoProcesses.User, TwoProcesses.Password);
        var item = (await sender.SubscribeAsync("kept"))!;
        Assert.Equal(200, (await sender.HeartbeatAsync(item)).Status);
        Assert.Equal(200, (await sender.SendEventsAsync(item, 1, EventSender.Event(1, "one"))).Status);
        var before = await both.RunAsync("wecutil", "gs", "kept", "/f:xml");
        var heartbeat = Regex.Match((await both.RunAsync("wecutil", "gr", "kept")).Output, "LastHeartbeatTime: .*").Value;

        await both.StopAsync("collector");
        await both.StartAsync("collector");
        var again = (await sender.SubscribeAsync("kept"))!;
        Assert.Contains("RecordId=\"1\"", again, StringComparison.Ordinal);
        Assert.Equal(Version(item), Version(again)); // the same version: the source keeps running
        Assert.Contains(heartbeat, (await both.RunAsync("wecutil", "gr", "kept")).Output, StringComparison.Ordinal);
        Assert.Equal(before, await both.RunAsync("wecutil", "gs", "kept", "/f:xml"));

        Assert.Equal(200, (await sender.SendEventsAsync(item, 2, EventSender.Event(2, "two"))).Status);
        await both.KillAsync("collector");
        await both.StartAsync("collector");
        Assert.Contains("RecordId=\"2\"", await sender.SubscribeAsync("kept"), StringComparison.Ordinal);

        // The acknowledgement was lost on its way: the batch comes again and is there once.
        Assert.Equal(200, (await sender.SendEventsAsync(item, 2, EventSender.Event(2, "two"))).Status);
        Assert.Equal(200, (await sender.SendEventsAsync(item, 3, EventSender.Event(3, "three"))).Status);
        Assert.Equal([1, 2, 3], await both.StoredAsync("kept"));
        Assert.Equal(before, await both.RunAsync("wecutil", "gs", "kept", "/f:xml"));
    }

    private static string Version(string item) => Regex.Match(item, "<m:Version>([^<]+)<").Groups[1].Value;
}

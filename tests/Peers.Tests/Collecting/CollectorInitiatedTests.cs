using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Subscriptions that the built collector makes at sources by itself, managed by wecutil.</summary>
public sealed class CollectorInitiatedTests(RunningService service)
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wsman/1/wsman/";

    [Fact]
    [Trait("Feature", "WEC-03")]
    public async Task A_source_delivers_under_Pull_and_goes_on_at_its_bookmark()
    {
        await using var source = new SourceDouble();
        var name = await CreateAsync(source, "Pull");
        source.Happens(1, "first");
        source.Happens(2, "second");
        await UntilAsync(async () => (await FindAsync(name)).Count == 2);

        var before = await HeartbeatAsync(name);
        Assert.Contains("RunTimeStatus: Active\n\t\t\tLastError: 0\n", await StatusAsync(name), StringComparison.Ordinal);
        source.Happens(3, "third");
        await UntilAsync(async () => (await FindAsync(name)).Count == 3);
        await UntilAsync(async () => string.CompareOrdinal(await HeartbeatAsync(name), before) > 0);

        // Switched off the source is told, and switched on it is asked to go on where it was.
        Assert.Equal(0, (await RunAsync("ss", name, "/e:false")).ExitCode);
        Assert.Contains("Unsubscribe", source.Actions);
        Assert.Equal(0, (await RunAsync("ss", name, "/e:true")).ExitCode);
        await UntilAsync(() => Task.FromResult(source.Subscribed.Count == 2));
        Assert.Contains("RecordId=\"3\"", source.Subscribed.Last(), StringComparison.Ordinal);
        Assert.Contains("<w:SendBookmarks", source.Subscribed.Last(), StringComparison.Ordinal);
        Assert.Contains($"<w:Option Name=\"SubscriptionName\">{name}<", source.Subscribed.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Events")]
    [InlineData("PushWithAck")]
    [InlineData("Push")]
    [Trait("Feature", "WEC-03")]
    public async Task A_source_delivers_under_Push_in_the_mode_that_it_knows(string mode)
    {
        await using var source = new SourceDouble { Modes = [mode == "Push" ? Eventing + "/DeliveryModes/Push" : Dmtf + mode] };
        var name = await CreateAsync(source, "Push");
        await UntilAsync(() => Task.FromResult(!source.Subscribed.IsEmpty));

        var first = SourceDouble.Event(1, "sent");
        var delivered = mode == "Events"
            ? await source.DeliverAsync(Dmtf + "Events", SourceDouble.Batch(first), 1, service.User, service.Password)
            : await source.DeliverAsync(Dmtf + "Event", first, 1, service.User, service.Password);
        var before = await HeartbeatAsync(name);
        var heartbeat = await source.DeliverAsync(Dmtf + "Heartbeat", "<w:Events></w:Events>", null, service.User, service.Password);
        var stranger = await source.DeliverAsync(Dmtf + "Events", SourceDouble.Batch(SourceDouble.Event(2, "x")), 2, "nobody", "x");

        Assert.Equal((200, 200, 401), (delivered.Status, heartbeat.Status, stranger.Status));
        Assert.Contains(Dmtf + "Ack<", delivered.Body, StringComparison.Ordinal);
        Assert.True(XNode.DeepEquals(XElement.Parse(first), XElement.Parse(Assert.Single(await FindAsync(name)))));
        Assert.True(string.CompareOrdinal(await HeartbeatAsync(name), before) > 0);
        Assert.Contains("127.0.0.1\n\t\t\tRunTimeStatus: Active\n", await StatusAsync(name), StringComparison.Ordinal);
        var asked = source.Actions.Count(action => action == "Subscribe");
        Assert.Equal(mode switch { "Events" => 1, "PushWithAck" => 2, _ => 3 }, asked);
    }

    [Fact]
    [Trait("Feature", "WEC-08")]
    [Trait("Feature", "WEC-09")]
    public async Task Status_tells_what_is_wrong_and_a_retry_tries_at_once_what_is_not_disabled()
    {
        var port = LoopbackPort.Free();
        var name = await CreateAsync(port, "Pull", "<EventSource><Address>127.0.0.1</Address></EventSource><EventSource Enabled=\"false\"><Address>localhost</Address></EventSource>");
        await UntilAsync(async () => (await StatusAsync(name)).Contains("NextRetryTime", StringComparison.Ordinal));
        var trying = await StatusAsync(name);
        Assert.Matches(
            $"^Subscription: {name}\n\tRunTimeStatus: Active\n\tLastError: 0\n\tEventSources:\n\t\t127.0.0.1\n\t\t\tRunTimeStatus: Trying\n\t\t\tLastError: 2150858770\n\t\t\tErrorMessage: [^\n]+\n\t\t\tErrorTime: [0-9T:.-]{{23}}\n\t\t\tNextRetryTime: [0-9T:.-]{{23}}\n\t\tlocalhost\n\t\t\tRunTimeStatus: Disabled\n",
            trying);

        // Nobody waits for the next attempt, which is a minute away.
        await using var source = new SourceDouble(port);
        Assert.Equal(0, (await RunAsync("rs", name)).ExitCode);
        await UntilAsync(async () => (await StatusAsync(name)).Contains("127.0.0.1\n\t\t\tRunTimeStatus: Active\n\t\t\tLastError: 0\n\t\t\tLastHeartbeatTime: ", StringComparison.Ordinal));
        Assert.Single(source.Subscribed);

        // A retry leaves alone what is disabled and what works; a stranger is an error.
        Assert.Equal(0, (await RunAsync("rs", name, "localhost")).ExitCode);
        Assert.Equal(0, (await RunAsync("retry-subscription", name, "127.0.0.1")).ExitCode);
        Assert.Contains("localhost\n\t\t\tRunTimeStatus: Disabled\n", await StatusAsync(name), StringComparison.Ordinal);
        Assert.Contains("'elsewhere' is not a source", (await RunAsync("rs", name, "elsewhere")).Errors, StringComparison.Ordinal);

        // One source on and the other off, then all of them off.
        Assert.Equal(0, (await RunAsync("ss", name, "/esa:localhost", "/ese")).ExitCode);
        await UntilAsync(async () => !(await StatusAsync(name, "localhost")).Contains("Disabled", StringComparison.Ordinal));
        Assert.Equal(0, (await RunAsync("ss", name, "/esa:127.0.0.1", "/ese:false")).ExitCode);
        Assert.Contains("127.0.0.1\n\t\t\tRunTimeStatus: Disabled\n", await StatusAsync(name), StringComparison.Ordinal);
        Assert.Contains("Unsubscribe", source.Actions);
        Assert.Equal(0, (await RunAsync("ss", name, "/esa:127.0.0.1", "/ese:true")).ExitCode);
        Assert.Equal(0, (await RunAsync("ss", name, "/e:false")).ExitCode);
        var off = await StatusAsync(name);
        Assert.StartsWith($"Subscription: {name}\n\tRunTimeStatus: Disabled\n", off, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(off, "\t\t\tRunTimeStatus: Inactive\n"));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Digest")]
    [Trait("Feature", "WEC-07")]
    public async Task Common_and_own_credentials_prove_the_collector_and_are_never_shown(string type)
    {
        await using var common = new SourceDouble(scheme: type, user: "all", password: "common-secret");
        var name = await CreateAsync(common.Port, "Pull", "<EventSource><Address>127.0.0.1</Address></EventSource>", $"<CredentialsType>{type}</CredentialsType><CommonUserName>all</CommonUserName>");
        await UntilAsync(async () => (await StatusAsync(name)).Contains("LastError: 5\n", StringComparison.Ordinal)); // a wrong password shows in gr alone
        Assert.Equal(0, (await RunAsync("ss", name, "/cun:all", "/cup:common-secret")).ExitCode);
        await UntilAsync(async () => (await StatusAsync(name)).Contains("RunTimeStatus: Active\n\t\t\tLastError: 0", StringComparison.Ordinal));

        await using var own = new SourceDouble(scheme: type, user: "one", password: "own-secret");
        var second = await CreateAsync(
            own.Port, "Pull", "<EventSource><Address>127.0.0.1</Address><UserName>one</UserName><Password>own-secret</Password></EventSource>",
            $"<CredentialsType>{type}</CredentialsType><CommonUserName>all</CommonUserName><CommonPassword>common-secret</CommonPassword>");
        await UntilAsync(async () => (await StatusAsync(second)).Contains("RunTimeStatus: Active\n\t\t\tLastError: 0", StringComparison.Ordinal));

        var shown = (await RunAsync("gs", second)).Output + (await RunAsync("gs", second, "/f:xml")).Output + (await RunAsync("gs", name)).Output + await StatusAsync(name);
        Assert.Contains($"CredentialsType: {type}\n", shown, StringComparison.Ordinal);
        Assert.Contains("CommonUserPassword: *****", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", shown, StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(SourceDouble source, string mode) =>
        await CreateAsync(source.Port, mode, "<EventSource><Address>127.0.0.1</Address></EventSource>", "<CredentialsType>Basic</CredentialsType><CommonUserName>u</CommonUserName><CommonPassword>p</CommonPassword>");

    private async Task<string> CreateAsync(int port, string mode, string sources, string credentials = "<CredentialsType>Basic</CredentialsType><CommonUserName>u</CommonUserName><CommonPassword>p</CommonPassword>")
    {
        var name = $"i{Guid.NewGuid():N}";
        var file = Path.Combine(Path.GetTempPath(), $"farwire-{name}.xml");
        await File.WriteAllTextAsync(file, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType>
            <ConfigurationMode>Custom</ConfigurationMode><Delivery Mode="{mode}"><Batching><MaxItems>1</MaxItems><MaxLatencyTime>1000</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval="60000"/></PushSettings></Delivery>
            <Query><![CDATA[<QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>]]></Query><TransportName>http</TransportName><TransportPort>{port.ToString(CultureInfo.InvariantCulture)}</TransportPort>
            <ContentFormat>Events</ContentFormat>{credentials}<EventSources>{sources}</EventSources></Subscription>
            """);
        var created = await RunAsync("cs", file);
        Assert.True(created.ExitCode == 0, created.Errors);
        return name;
    }

    private static Task UntilAsync(Func<Task<bool>> condition) => AdministeredService.UntilAsync(condition);

    private async Task<string> StatusAsync(string name, params string[] sources) => (await RunAsync(["gr", name, .. sources])).Output;

    private async Task<string> HeartbeatAsync(string name) => Regex.Match(await StatusAsync(name), "LastHeartbeatTime: (\\S+)").Groups[1].Value;

    private async Task<List<string>> FindAsync(string name) =>
        [.. (await Commands.RunAsync(RunningService.Program("farwire"), ["events", "export", "--subscription", name, "-o", "xml", "--connect", service.ConnectionFile])).Output.Split('\n').Where(line => line.StartsWith("<Event ", StringComparison.Ordinal))];

    private Task<Outcome> RunAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["wecutil", .. words, "--connect", service.ConnectionFile]);
}

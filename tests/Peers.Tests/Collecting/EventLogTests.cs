using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Cim;
using Farwire.TestKit.Journal;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>The events of this machine, out of a real journald, as collectors that subscribe by themselves and people who query see them.</summary>
public sealed class EventLogTests(JournaledMachine machine) : IClassFixture<JournaledMachine>
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string Dmtf = "http://schemas.dmtf.org/wbem/wsman/1/wsman/";
    private const string EventLog = "http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog";

    private JournalDaemon Journal
    {
        get
        {
            Assert.SkipUnless(machine.Reason is null, machine.Reason ?? "");
            return machine.Journal;
        }
    }

    private TwoProcesses Service => machine.Service;

    [Fact]
    [Trait("Feature", "SRC-10")]
    public async Task A_collector_pulls_from_a_Linux_machine_and_loses_nothing_whichever_of_both_is_killed()
    {
        Journal.Write("pulled", 1, 10); // before anybody asks: not wanted
        await UntilRecordsAsync("Pulled", "10");
        await SubscribeAsync("pulled");
        await AdministeredService.UntilAsync(async () => (await StatusAsync("pulled")).Contains("127.0.0.1\n\t\t\tRunTimeStatus: Active\n\t\t\tLastError: 0\n", StringComparison.Ordinal));
        Journal.Write("pulled", 11, 200);
        await AdministeredService.UntilAsync(async () => (await Service.StoredAsync("pulled")).Count == 200);

        // The collector dies, and comes back to where it was.
        await Service.KillAsync("collector");
        Journal.Write("pulled", 211, 100);
        await Service.StartAsync("collector");
        await AdministeredService.UntilAsync(async () => (await Service.StoredAsync("pulled")).Count >= 300);

        // The source dies, and counts on as before.
        await Service.KillAsync("source");
        Journal.Write("pulled", 311, 100);
        await Service.StartAsync("source");
        Assert.Equal(0, (await Service.RunAsync("wecutil", "rs", "pulled")).ExitCode);
        await AdministeredService.UntilAsync(async () =>
        {
            await Service.RunAsync("wecutil", "rs", "pulled");
            return (await Service.StoredAsync("pulled")).Distinct().Count() >= 400;
        });

        Assert.Equal(Enumerable.Range(11, 400), (await Service.StoredAsync("pulled")).Distinct());
        var export = await Service.RunAsync("events", "export", "--subscription", "pulled", "-o", "xml");
        Assert.All(
            Regex.Matches(export.Output, "<EventRecordID>(\\d+)<.*?<Data Name=\"MESSAGE\">number (\\d+);<").Select(m => (Record: m.Groups[1].Value, Number: m.Groups[2].Value)),
            one => Assert.Equal(one.Record, one.Number));
        Assert.Contains("<Computer>box1.corp.example</Computer>", export.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_queried_from_the_command_line_as_text_XML_and_JSON()
    {
        Journal.Write("shop", 1, 60, priority: 3);
        Journal.Write("other", 1, 1);
        await UntilRecordsAsync("Shop", "60");

        var newest = await QueryAsync("Shop");
        Assert.Equal(50, newest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches("^[0-9-]+ [0-9:.]+Z Error       box1.corp.example Shop shop 7 number 60;\n", newest);
        Assert.Matches("^[^\n]* number 1;\n[^\n]* number 2;\n$", await QueryAsync("shop", "--oldest", "--limit", "2"));
        Assert.Equal("", await QueryAsync("Shop", "--xpath", "*[System[Level=4]]"));

        var xml = XDocument.Parse(await QueryAsync("-q", "<QueryList><Query><Select Path='Application'>*[System[EventRecordID=3]]</Select><Select Path='Linux-Journal'>*[System[Provider[@Name='other']]]</Select></Query></QueryList>", "-o", "xml"));
        Assert.Equal(["Linux-Journal", "Application"], xml.Descendants().Where(e => e.Name.LocalName == "Channel").Select(e => e.Value));
        Assert.DoesNotContain(xml.Descendants(), e => e.Name.LocalName == "RenderingInfo");
        Assert.Contains("<Message>number 60;</Message>", await QueryAsync("Shop", "--limit", "1", "-o", "xml", "--rendered"), StringComparison.Ordinal);

        using var json = JsonDocument.Parse(await QueryAsync("Shop", "--limit", "1", "-o", "json"));
        Assert.Equal(("60", "number 60;", 7), (json.RootElement.GetProperty("System").GetProperty("EventRecordID").GetString(), json.RootElement.GetProperty("Message").GetString(), json.RootElement.GetProperty("System").GetProperty("EventID").GetInt32()));

        var unknown = await Service.RunAsync("events", "query", "Nowhere");
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("15007", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("There is no channel 'Nowhere'", unknown.Errors, StringComparison.Ordinal);
        Assert.Matches("\nShop +60\n", (await Service.RunAsync("events", "channels")).Output);
        Assert.Matches("^Name: Shop\nRecords: 60\nOldestRecord: 1\nNewestRecord: 60\nLastWritten: [0-9T:.-]+Z\nSecurity: O:BAG:SYD:\\(A;;0x7;;;BA\\)\\(A;;0x1;;;ER\\)\n$", (await Service.RunAsync("events", "channel", "Shop")).Output);
    }

    [Fact]
    public async Task Readers_of_event_logs_see_the_channels_that_are_not_closed_to_them_and_strangers_none()
    {
        Journal.Write("closed", 1, 1);
        await UntilRecordsAsync("Closed", "1");
        await Commands.RunAsync("chmod", ["a+x", Path.GetDirectoryName(Path.GetDirectoryName(Service.Socket))!]);

        var stranger = await AsAsync("daemon", "events", "channels");
        var reader = await AsAsync("nobody", "events", "channels");

        Assert.Equal("CHANNEL  EVENTS\n", stranger.Output);
        Assert.Contains("\nLinux-Journal ", reader.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("\nClosed ", reader.Output);
        Assert.Contains("15007", (await AsAsync("nobody", "events", "query", "Closed")).Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await AsAsync("nobody", "events", "query", "Linux-Journal")).ExitCode);
    }

    [Theory]
    [InlineData("Push", Eventing + "/DeliveryModes/Push", "Event")]
    [InlineData("PushWithAck", Dmtf + "PushWithAck", "Event")]
    [InlineData("Events", Dmtf + "Events", "Events")]
    public async Task Events_are_sent_to_a_listener_in_each_mode_until_the_subscription_is_ended(string channel, string mode, string action)
    {
        _ = Journal; // or the test is skipped
        await using var sink = await Sink.StartAsync();
        var subscribed = await AskAsync("Subscribe", $"<e:Delivery Mode=\"{mode}\">{sink.NotifyTo("S1")}</e:Delivery><e:Expires>PT10M</e:Expires><w:Filter Dialect=\"http://schemas.microsoft.com/win/2004/08/events/eventquery\"><QueryList><Query Id=\"0\"><Select Path=\"{channel}\">*</Select></Query></QueryList></w:Filter><w:SendBookmarks/>");
        Assert.True(subscribed.Status == 200, subscribed.Body);
        var identifier = $"<e:Identifier xmlns:e=\"{Eventing}\">{Regex.Match(subscribed.Body, "<e:Identifier>([^<]+)<").Groups[1].Value}</e:Identifier>";

        Journal.Write(channel.ToLowerInvariant(), 1, 1);
        var first = await sink.NextAsync();
        var renewed = await AskAsync("Renew", "<e:Expires>PT20M</e:Expires>", identifier);
        var ended = await AskAsync("Unsubscribe", "", identifier);
        Journal.Write(channel.ToLowerInvariant(), 2, 1);
        await UntilRecordsAsync(channel, "2");

        Assert.Equal(Dmtf + action, first.Descendants().First(e => e.Name.LocalName == "Action").Value);
        Assert.Contains("number 1;", first.Value, StringComparison.Ordinal);
        Assert.Equal("1", first.Descendants().Single(e => e.Name.LocalName == "Bookmark" && e.Attribute("Channel")?.Value == channel).Attribute("RecordId")!.Value);
        Assert.Matches("RenewResponse.*<e:Expires>PT20M|PT1200", renewed.Body);
        Assert.Contains("UnsubscribeResponse", ended.Body, StringComparison.Ordinal);
        Assert.Null(await sink.TryNextAsync(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task What_logger_of_another_machine_sends_is_in_the_channel_of_syslog()
    {
        _ = Journal; // or the test is skipped
        Commands.Need("/usr/bin/logger");

        await Commands.RunAsync("logger", ["--server", "127.0.0.1", "--port", machine.SyslogPort.ToString(CultureInfo.InvariantCulture), "--tcp", "--rfc5424=nohost", "--tag", "door", "opened"]);
        await UntilRecordsAsync("Linux-Syslog", "1");

        Assert.Matches(" 127.0.0.1 Linux-Syslog door 0 opened\n$", await QueryAsync("Linux-Syslog"));
    }

    [Fact]
    public async Task The_transcripts_of_the_guide_show_what_happens()
    {
        Journal.Log(("SYSLOG_IDENTIFIER", "nginx"), ("MESSAGE", "203.0.113.9 - GET /cart 503"));
        Journal.Log(("SYSLOG_IDENTIFIER", "nginx"), ("MESSAGE", "203.0.113.9 - GET / 200"));
        await UntilRecordsAsync("Web-Server", "2");
        var folder = Path.GetDirectoryName(RunningService.Program("farwire"));
        foreach (Match block in Regex.Matches(await File.ReadAllTextAsync(JournaledMachine.Guide), "```console\n(.*?)```", RegexOptions.Singleline))
        {
            var script = string.Concat(block.Groups[1].Value.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => $"echo '{line.Replace("'", "'\\''", StringComparison.Ordinal)}'; {line[2..]}\n"));
            Assert.Equal(block.Groups[1].Value, (await Commands.RunAsync("/usr/bin/env", [$"FARWIRE_SOCKET={Service.Socket}", $"PATH={folder}:/usr/bin:/bin", "sh", "-c", script])).Output);
        }
    }

    private async Task<string> QueryAsync(params string[] words)
    {
        var outcome = await Service.RunAsync(["events", "query", .. words]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }

    private Task UntilRecordsAsync(string channel, string count) =>
        AdministeredService.UntilAsync(async () => (await Service.RunAsync("events", "channel", channel)).Output.Contains($"\nRecords: {count}\n", StringComparison.Ordinal));

    private async Task<string> StatusAsync(string name) => (await Service.RunAsync("wecutil", "gr", name)).Output;

    // As another account of this machine.
    private Task<Outcome> AsAsync(string account, params string[] words) => Commands.RunAsync(
        "setpriv", [$"--reuid={account}", "--clear-groups", "env", "HOME=/nonexistent", $"FARWIRE_SOCKET={Service.Socket}", RunningService.Program("farwire"), .. words]);

    private Task<Answer> AskAsync(string operation, string content, string headers = "") => new Curl(Service.Shared, $"{TwoProcesses.User}:{TwoProcesses.Password}").SendAsync(Soap.Message(
        $"{Eventing}/{operation}", EventLog, $"<e:{operation} xmlns:e=\"{Eventing}\">{content}</e:{operation}>", headers));

    private async Task SubscribeAsync(string name)
    {
        var address = new Uri(Service.Shared);
        var file = Path.Combine(Service.Config, name + ".xml");
        await File.WriteAllTextAsync(file, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType>
            <ConfigurationMode>Custom</ConfigurationMode><Delivery Mode="Pull"><Batching><MaxItems>20</MaxItems><MaxLatencyTime>1000</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval="60000"/></PushSettings></Delivery>
            <Query><![CDATA[<QueryList><Query Path="Pulled"><Select>*</Select></Query></QueryList>]]></Query><TransportName>http</TransportName><TransportPort>{address.Port.ToString(CultureInfo.InvariantCulture)}</TransportPort>
            <ContentFormat>Events</ContentFormat><CredentialsType>Basic</CredentialsType><CommonUserName>{TwoProcesses.User}</CommonUserName><CommonPassword>{TwoProcesses.Password}</CommonPassword>
            <EventSources><EventSource><Address>127.0.0.1</Address></EventSource></EventSources></Subscription>
            """);
        var created = await Service.RunAsync("wecutil", "cs", file);
        Assert.True(created.ExitCode == 0, created.Errors);
    }
}

using System.Text;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>
/// The built source against a collector in Python that speaks the shapes recorded of Windows: what it says, message by message and byte by byte, and what
/// it does when the collector does not behave.
/// </summary>
public sealed class RecordedConversationTests
{
    private const string All = "<Select Path=\"Linux-Journal\">*[System[Provider[@Name='app']]]</Select>";

    [Fact]
    public async Task The_conversation_has_the_recorded_shape()
    {
        await using var collector = await RecordedCollector.StartAsync();
        collector.Offer(collector.Subscription(7, 1, All, RecordedCollector.CData, heartbeats: "PT1.000S"));
        await using var source = await collector.SourceAsync();
        await collector.UntilAsync("Heartbeat", 1);
        source.Journal.Write("app", 1, 1);
        await Waiting.UntilAsync(() => Task.FromResult(collector.Messages.Any(heard => heard.Numbers.Count > 0)), () => source.Log);
        await source.StopAsync();
        var end = (await collector.UntilAsync("SubscriptionEnd", 1))[0];

        // 1. Enumerate, and End of it. 2. The marker of a start without bookmark. 3. A heartbeat. 4. Events. 5. The end.
        var messages = collector.Messages;
        Assert.All(messages, heard => Assert.True(heard.IsUtf16, heard.Action));
        Assert.All(messages, heard => Assert.Contains("Content-Type: application/soap+xml;charset=UTF-16", heard.Head, StringComparison.Ordinal));
        Assert.All(messages.Where(heard => heard.Action != "End"), heard => Assert.Matches("^uuid:[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", heard.Element("a:MessageID")!));
        var (ask, finish) = (messages[0], messages.First(heard => heard.Action == "End"));
        Assert.StartsWith("/wsman/SubscriptionManager/WEC\n", ask.Head, StringComparison.Ordinal);
        Assert.Equal("http://schemas.microsoft.com/wbem/wsman/1/SubscriptionManager/Subscription", ask.Element("w:ResourceURI"));
        Assert.Contains(">box1.example.org<", ask.Text, StringComparison.Ordinal);
        Assert.Matches("<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>", ask.Text);
        Assert.Equal("http://schemas.microsoft.com/wbem/wsman/1/wsman/FullDuplex", finish.Element("w:ResourceURI"));
        Assert.Equal(ask.Element("p:OperationID"), finish.Element("p:OperationID"));

        var deliveries = messages.Where(heard => heard.Action is "Events" or "Heartbeat").ToList();
        Assert.All(deliveries, heard => Assert.StartsWith("/wsman/subscriptions/5A000001-0000-5000-8000-000000000007\n", heard.Head, StringComparison.Ordinal));
        Assert.All(deliveries, heard => Assert.Equal("5A000001-0000-5000-8000-000000000007", heard.Element("e:Identifier")));
        Assert.All(deliveries, heard => Assert.Contains("<w:AckRequested/>", heard.Text, StringComparison.Ordinal));
        Assert.Contains("<![CDATA[<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-EventForwarder'/><EventID>111</EventID>", deliveries[0].Text, StringComparison.Ordinal);
        Assert.Matches("<w:Events></w:Events>|<w:Events/>", deliveries.First(heard => heard.Action == "Heartbeat").Text);
        var events = deliveries.Single(heard => heard.Numbers.Count > 0);
        Assert.Matches("<w:Bookmark><BookmarkList><Bookmark Channel=\"Linux-Journal\" RecordId=\"\\d+\" IsCurrent=\"true\"/></BookmarkList></w:Bookmark>", events.Text);
        Assert.Contains("<w:Event Action=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Event\"><![CDATA[<Event ", events.Text, StringComparison.Ordinal);
        Assert.Equal("http://schemas.xmlsoap.org/ws/2004/08/eventing/SourceShuttingDown", end.Element("e:Status"));
    }

    [Fact]
    [Trait("Feature", "SRC-04")]
    [Trait("Double", "wef_collector.py")]
    public async Task Number_age_and_size_each_send_a_batch()
    {
        await using var collector = await RecordedCollector.StartAsync();
        collector.Offer(
            collector.Subscription(1, 1, Of("five"), limits: "<w:MaxElements>5</w:MaxElements><w:MaxTime>PT3600.000S</w:MaxTime>"),
            collector.Subscription(2, 2, Of("aged"), limits: "<w:MaxTime>PT2.000S</w:MaxTime>"),
            collector.Subscription(3, 3, Of("large"), limits: "<w:MaxTime>PT3600.000S</w:MaxTime>", more: "<w:MaxEnvelopeSize Policy=\"Notify\">65536</w:MaxEnvelopeSize>"));
        await using var source = await collector.SourceAsync(before: source =>
        {
            source.Journal.Write("five", 101, 12);
            source.Journal.Write("large", 301, 10, more: new string('x', 5000));
        });

        // Those full by their number: five and five, and the last two wait for more.
        await Waiting.UntilAsync(() => Task.FromResult(To(collector, 1).Count >= 2), () => source.Log);
        Assert.Equal([[101, 102, 103, 104, 105], [106, 107, 108, 109, 110]], To(collector, 1).Select(heard => heard.Numbers));

        // Those full by their size: as many as fit into 64 KB of UTF-16, and not one byte more.
        await Waiting.UntilAsync(() => Task.FromResult(To(collector, 3).Sum(heard => heard.Numbers.Count) >= 6), () => source.Log);
        Assert.All(To(collector, 3), heard => Assert.InRange(heard.Body.Length, 32768, 65536));
        Assert.Equal(Enumerable.Range(301, To(collector, 3).Sum(heard => heard.Numbers.Count)), To(collector, 3).SelectMany(heard => heard.Numbers));

        // That full by its age: what was written over a while is in one message, which comes no earlier than its time.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        source.Journal.Write("aged", 201, 2);
        await Task.Delay(200, TestContext.Current.CancellationToken); // they are of different age, and go together
        source.Journal.Write("aged", 203, 1);
        await Waiting.UntilAsync(() => Task.FromResult(To(collector, 2).Count > 0), () => source.Log);
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(1.9), $"The batch came after {clock.Elapsed}.");
        Assert.Equal([201, 202, 203], To(collector, 2)[0].Numbers);
        Assert.Equal(2, To(collector, 1).Count);
    }

    [Fact]
    public async Task Whatever_goes_wrong_at_the_collector_is_told_with_a_fix_and_nothing_is_lost()
    {
        await using var collector = await RecordedCollector.StartAsync();
        collector.Offer(collector.Subscription(1, 1, All));
        await using var source = await collector.SourceAsync();
        var number = 0;
        var acknowledged = new List<int>();
        foreach (var (mood, error) in new[]
        {
            ("503", "503"), ("401", "user"), ("fault", "The store is being moved."), ("garbage", "not a SOAP envelope"), ("page", "200"), ("close", "connection"), ("wrong-ack", "did not acknowledge"),
        })
        {
            collector.Mood(mood);
            source.Journal.Write("app", ++number, 1);
            var troubled = await source.UntilStatusAsync(status => status.GetProperty("Subscriptions") is var all && all.GetArrayLength() == 1 && all[0].GetProperty("State").GetString() == "Trying");
            var subscription = troubled.GetProperty("Subscriptions")[0];
            Assert.Contains(error, subscription.GetProperty("LastError").GetString(), StringComparison.OrdinalIgnoreCase);
            Assert.NotEmpty(subscription.GetProperty("Fix").GetString()!);

            // The attempt with which it is well again is a new one.
            collector.Mood("ack");
            var well = await source.UntilStatusAsync(status => status.GetProperty("Subscriptions")[0] is var one && one.GetProperty("State").GetString() == "Active" && one.GetProperty("Events").GetInt32() == number);
            Assert.False(well.GetProperty("Subscriptions")[0].TryGetProperty("LastError", out _));
            acknowledged.AddRange(collector.Messages.Last(heard => heard.Action == "Events").Numbers);
        }

        Assert.Equal(Enumerable.Range(1, number), acknowledged);
    }

    [Theory]
    [InlineData("all-401", "user")]
    [InlineData("all-503", "503")]
    [InlineData("all-fault", "The store is being moved.")]
    [InlineData("all-garbage", "not a SOAP envelope")]
    [InlineData("all-close", "connection")]
    public async Task A_collector_that_tells_no_subscriptions_is_asked_again_and_the_status_says_why(string mood, string error)
    {
        await using var collector = await RecordedCollector.StartAsync();
        collector.Offer(collector.Subscription(1, 1, All));
        collector.Mood(mood);
        await using var source = await collector.SourceAsync();

        var troubled = await source.UntilStatusAsync(status => status.GetProperty("State").GetString() == "Trying");

        Assert.Contains(error, troubled.GetProperty("LastError").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(troubled.GetProperty("Fix").GetString()!);
        Assert.True(troubled.TryGetProperty("NextAttempt", out _));
        collector.Mood("ack");
        await source.UntilStatusAsync(status => status.GetProperty("State").GetString() == "Connected" && !status.TryGetProperty("LastError", out _));
    }

    [Fact]
    public async Task A_hostile_subscription_is_refused_and_its_neighbour_served()
    {
        await using var collector = await RecordedCollector.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("(", 5000)) + "*" + string.Concat(Enumerable.Repeat(")", 5000));
        collector.Offer(
            collector.Subscription(1, 1, string.Concat(Enumerable.Range(0, 300).Select(n => $"<Select Path=\"Channel-{n}\">*</Select>"))),
            collector.Subscription(2, 2, $"<Select Path=\"Linux-Journal\">{deep}</Select>"),
            collector.Subscription(3, 3, "<Select Path=\"Linux-Journal\">*[nonsense()]</Select>"),
            collector.Subscription(4, 4, "<Select Path=\"Nowhere\">*</Select>"),
            collector.Subscription(5, 5, All));
        await using var source = await collector.SourceAsync(before: source => source.Journal.Write("app", 1, 1));

        Assert.Equal([1], (await collector.UntilAsync("Events", 1))[0].Numbers);
        var ends = await collector.UntilAsync("SubscriptionEnd", 4);

        Assert.All(ends, end => Assert.Equal("http://schemas.xmlsoap.org/ws/2004/08/eventing/SourceCancelling", end.Element("e:Status")));
        var codes = ends.DistinctBy(end => end.Element("e:Identifier")).ToDictionary(end => end.Element("e:Identifier")![^1], end => System.Text.RegularExpressions.Regex.Match(end.Text, "WSManFault[^>]*Code=\"(\\d+)\"").Groups[1].Value);
        Assert.Equal(["15001", "15001", "15001", "15007"], "1234".Select(number => codes[number]));
        var status = await source.UntilStatusAsync(status => status.GetProperty("Subscriptions").GetArrayLength() == 5);
        Assert.Equal(4, status.GetProperty("Subscriptions").EnumerateArray().Count(one => one.GetProperty("State").GetString() == "Refused" && one.GetProperty("LastError").GetString()!.Length > 0 && one.GetProperty("Fix").GetString()!.Length > 0));
    }

    [Fact]
    [Trait("Feature", "SRC-12")]
    public async Task Its_own_channel_tells_what_the_forwarder_does()
    {
        await using var collector = await RecordedCollector.StartAsync();
        collector.Offer(
            collector.Subscription(1, 1, $"<Select Path=\"{ForwardingSource.Operational}\">*</Select>"),
            collector.Subscription(2, 2, "<Select Path=\"Linux-Journal\">*</Select><Select Path=\"Nowhere\">*</Select>", RecordedCollector.CData + RecordedCollector.IgnoreChannelError),
            collector.Subscription(3, 3, "<Select Path=\"Nowhere\">*</Select>"));
        await using var source = await collector.SourceAsync();
        await Told(collector, 104, collector.Address); // connected
        await Told(collector, 100, "recorded1"); // created
        await Told(collector, 101, "recorded2", "Nowhere"); // created, but a channel is not there
        await Told(collector, 102, "recorded3", "15007"); // not created, and the code

        collector.Offer(collector.Subscription(1, 1, $"<Select Path=\"{ForwardingSource.Operational}\">*</Select>"));
        await Told(collector, 103, "recorded2"); // unsubscribed

        var line = $"Server={collector.Address}/SubscriptionManager/WEC,Refresh=1";
        source.Configure(collector.Identity(source), line, $"Server=https://localhost:{LoopbackPort.Free()}/wsman/SubscriptionManager/WEC,Refresh=1");
        await Told(collector, 106, "2 subscription managers"); // the policy has changed
        await Told(collector, 105, "cannot be reached"); // trouble with a manager
        source.Configure(collector.Identity(source), line, "Server=nonsense");
        await Told(collector, 107, "Server=nonsense"); // the policy is not valid

        // The same stands in the machine's own journal, where an administrator looks.
        Commands.Need("/usr/bin/journalctl");
        var journal = await Commands.RunAsync("/usr/bin/journalctl", ["-D", source.Journal.Directory, "SYSLOG_IDENTIFIER=Microsoft-Windows-Forwarding", "-o", "cat", "--output-fields=EVENT_ID"]);
        Assert.Equal(["100", "101", "102", "103", "104", "105", "106", "107"], journal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_bookmark_of_the_collector_wins_over_what_the_source_remembers()
    {
        await using var collector = await RecordedCollector.StartAsync();
        collector.Offer(collector.Subscription(1, 1, All));
        await using var source = await collector.SourceAsync(before: source => source.Journal.Write("app", 1, 3));
        Assert.Equal([1, 2, 3], (await collector.UntilAsync("Events", 1))[0].Numbers);

        collector.Offer(collector.Subscription(1, 2, All, bookmark: "<w:Bookmark><BookmarkList><Bookmark Channel=\"Linux-Journal\" RecordId=\"1\" IsCurrent=\"true\"/></BookmarkList></w:Bookmark>"));

        var again = (await collector.UntilAsync("Events", 2))[1];
        Assert.Equal(3, again.Numbers[^1]);
        Assert.Equal(Enumerable.Range(4 - again.Numbers.Count, again.Numbers.Count), again.Numbers);
        Assert.InRange(again.Numbers.Count, 1, 3);
    }

    private static string Of(string provider) => $"<Select Path=\"Linux-Journal\">*[System[Provider[@Name='{provider}']]]</Select>";

    private static List<RecordedCollector.Heard> To(RecordedCollector collector, int number) =>
        [.. collector.Messages.Where(heard => heard.Action == "Events" && heard.Element("e:Identifier")!.EndsWith($"{number}", StringComparison.Ordinal))];

    private static Task Told(RecordedCollector collector, int id, params string[] texts) => Waiting.UntilAsync(
        () => Task.FromResult(collector.Messages.SelectMany(heard => heard.Text.Split("</Event>")).Any(
            one => one.Contains($"<EventID>{id}<", StringComparison.Ordinal) && one.Contains($"<Channel>{ForwardingSource.Operational}<", StringComparison.Ordinal) && texts.All(text => one.Contains(text, StringComparison.Ordinal)))),
        () => $"No event {id} came.");
}

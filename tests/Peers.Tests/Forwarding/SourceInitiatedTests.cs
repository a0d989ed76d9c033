namespace Farwire.Peers.Tests.Forwarding;

/// <summary>A Linux machine's journal at a collector: the built source and a real systemd-journald on one side, the built collector on the other.</summary>
public sealed class SourceInitiatedTests(ForwardingCollector collector) : IClassFixture<ForwardingCollector>
{
    private const string All = "<Select Path=\"Linux-Journal\">*[System[Provider[@Name='app']]]</Select>";

    private readonly string _name = $"sub-{Guid.NewGuid():N}";

    [Fact]
    [Trait("Feature", "SRC-01")]
    public async Task A_policy_line_names_collector_interval_and_authority_and_several_are_served_at_once()
    {
        await using var elsewhere = await RecordedCollector.StartAsync();
        elsewhere.Offer(elsewhere.Subscription(1, 1, All));
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All);
        await using var source = await ForwardingSource.MakeAsync();
        source.Journal.Write("app", 1, 3);
        var (first, second) = ($"server={collector.Address}/SubscriptionManager/WEC , REFRESH = 2", $"Server={elsewhere.Address}/SubscriptionManager/WEC,Refresh=3600");
        var authorities = Path.Combine(source.Config, "authorities.pem");
        await File.WriteAllTextAsync(authorities, await File.ReadAllTextAsync(collector.Certificate) + await File.ReadAllTextAsync(elsewhere.Certificate));
        var password = Path.Combine(source.Config, "password");
        await File.WriteAllTextAsync(password, Administration.AdministeredService.Password + "\n");
        var identity = $"User: {user}\nPasswordFile: {password}\nAuthorities: {authorities}\n";
        source.Configure(identity, first, second + ",IssuerCA=00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22 33", "Server=ftp://nowhere/,Refresh=60");
        await source.StartAsync();

        // The first is served; the second wants a certificate of an authority that this machine has none of, and the third is no line.
        Assert.Equal([1, 2, 3], (await collector.UntilCollectedAsync(_name, 3)).Select(ForwardingCollector.NumberOf));
        await source.UntilStatusAsync(_ => true);
        var status = await source.StatusAsync();
        Assert.Equal(["2", "3600"], status.EnumerateArray().Take(2).Select(one => one.GetProperty("RefreshSeconds").ToString()));
        Assert.Contains("00112233445566778899AABBCCDDEEFF00112233", status[1].GetProperty("LastError").GetString(), StringComparison.Ordinal);
        Assert.Equal("Invalid", status[2].GetProperty("State").GetString());
        Assert.Contains("http or https", status[2].GetProperty("LastError").GetString(), StringComparison.Ordinal);
        Assert.Empty(elsewhere.Messages);

        // With the line corrected, both are served at once.
        source.Configure(identity, first, second);
        Assert.Equal([1, 2, 3], (await elsewhere.UntilAsync("Events", 1))[0].Numbers);
        source.Journal.Write("app", 4, 1);
        Assert.Equal([1, 2, 3, 4], (await collector.UntilCollectedAsync(_name, 4)).Select(ForwardingCollector.NumberOf));
        Assert.Equal([4], (await elsewhere.UntilAsync("Events", 2))[1].Numbers);
    }

    [Fact]
    [Trait("Feature", "SRC-02")]
    public async Task What_the_collector_adds_changes_and_takes_away_counts_from_the_next_refresh()
    {
        var user = await collector.AddUserAsync();
        await using var source = await ForwardingSource.StartAsync(collector, user);
        await source.UntilStatusAsync(status => status.GetProperty("State").GetString() == "Connected" && status.GetProperty("Subscriptions").GetArrayLength() == 0);
        source.Journal.Write("app", 1, 1);
        source.Journal.Write("other", 2, 1);

        await collector.SubscribeAsync(_name, user, "<Select Path=\"Linux-Journal\">*[System[Provider[@Name='app']]]</Select>");
        await collector.SubscribeAsync(_name + "-2", user, "<Select Path=\"Linux-Journal\">*[System[Provider[@Name='other']]]</Select>");
        Assert.Equal(1, ForwardingCollector.NumberOf((await collector.UntilCollectedAsync(_name, 1)).Single()));
        Assert.Equal(2, ForwardingCollector.NumberOf((await collector.UntilCollectedAsync(_name + "-2", 1)).Single()));

        // The first takes another program from now on, the second goes.
        await collector.SubscribeAsync(_name, user, "<Select Path=\"Linux-Journal\">*[System[Provider[@Name='third']]]</Select>");
        await collector.UnsubscribeAsync(_name + "-2");
        await source.UntilStatusAsync(status => status.GetProperty("Subscriptions").GetArrayLength() == 1);
        source.Journal.Write("app", 3, 1);
        source.Journal.Write("third", 4, 1);
        Assert.Equal([1, 4], (await collector.UntilCollectedAsync(_name, 2)).Select(ForwardingCollector.NumberOf));
    }

    [Fact]
    [Trait("Feature", "SRC-05")]
    public async Task Existing_events_are_sent_when_asked_for_and_text_only_when_rendered()
    {
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All, more: "<ReadExistingEvents>true</ReadExistingEvents><ContentFormat>Events</ContentFormat>");
        await collector.SubscribeAsync(_name + "-2", user, All, more: "<ReadExistingEvents>false</ReadExistingEvents><ContentFormat>RenderedText</ContentFormat>");
        await using var conversation = await Conversation.ListenAsync(collector, user);
        await using var source = await ForwardingSource.MakeAsync();
        source.Journal.Write("app", 1, 2);
        source.Configure(collector, user, "", $"Server={collector.Address}/SubscriptionManager/WEC,Refresh=1");
        await source.StartAsync();
        await collector.UntilCollectedAsync(_name, 2);

        // What does not read existing events says with a marker where it begins.
        await Waiting.UntilAsync(() => Task.FromResult(conversation.Requests.Any(said => said.Xml.Contains("<EventID>111<", StringComparison.Ordinal))), () => "No marker came.");
        source.Journal.Write("app", 3, 1);
        var raw = await collector.UntilCollectedAsync(_name, 3);
        var rendered = await collector.UntilCollectedAsync(_name + "-2", 1);

        Assert.Equal([1, 2, 3], raw.Select(ForwardingCollector.NumberOf));
        Assert.All(raw, xml => Assert.DoesNotContain("RenderingInfo", xml, StringComparison.Ordinal));
        Assert.Matches("<RenderingInfo Culture=[\"']en-US[\"']><Message>number 3;</Message>", Assert.Single(rendered));
        Assert.Equal("app", System.Xml.Linq.XElement.Parse(rendered[0]).Descendants().First(element => element.Name.LocalName == "Provider").Attribute("Name")!.Value);
    }

    [Fact]
    [Trait("Feature", "SRC-06")]
    public async Task A_restart_loses_nothing_and_sends_nothing_twice()
    {
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All, more: "");
        await using var source = await ForwardingSource.StartAsync(collector, user);
        await source.UntilStatusAsync(status => IsActive(status));
        for (var round = 0; round < 3; round++)
        {
            source.Journal.Write("app", (round * 20) + 1, 10);
            await collector.UntilCollectedAsync(_name, (round * 20) + 10);
            await source.StopAsync();
            source.Journal.Write("app", (round * 20) + 11, 10);
            await source.StartAsync();
        }

        Assert.Equal(Enumerable.Range(1, 60), (await collector.UntilCollectedAsync(_name, 60)).Select(ForwardingCollector.NumberOf));
    }

    /// <remarks>
    /// The long form: <c>FARWIRE_KILLS=200 dotnet artifacts/bin/Peers.Tests/release/Peers.Tests.dll -method '*Killed_again_and_again*'</c>.
    /// </remarks>
    [Fact]
    [Trait("Feature", "SRC-06")]
    public async Task Killed_again_and_again_it_loses_nothing_between_journal_and_collector()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("FARWIRE_KILLS"), out var many) ? many : 5;
        var random = new Random(kills);
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All, "<Batching><MaxItems>20</MaxItems><MaxLatencyTime>50</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval=\"3600000\"/></PushSettings>");
        await using var source = await ForwardingSource.StartAsync(collector, user);
        var written = 0;
        using var enough = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                source.Journal.Write("app", written + 1, 10);
                written += 10;
                await Task.Delay(10);
            }
        });
        for (var kill = 0; kill < kills; kill++)
        {
            // It dies after some of this life's events were collected, and not at a time it could choose.
            var before = (await collector.NumbersAsync(_name)).Count;
            await Waiting.UntilAsync(async () => (await collector.NumbersAsync(_name)).Count > before, () => source.Log);
            await Task.Delay(random.Next(0, 100));
            await source.KillAsync();
            await source.StartAsync();
        }

        await enough.CancelAsync();
        await writer;
        IReadOnlyList<int> numbers = [];
        await Waiting.UntilAsync(async () => (numbers = await collector.NumbersAsync(_name)).Distinct().Count() >= written, () => $"{numbers.Distinct().Count()} of {written} events came.");
        Assert.Equal(Enumerable.Range(1, written), numbers.Distinct().Order());
    }

    [Fact]
    [Trait("Feature", "SRC-07")]
    public async Task An_idle_source_sends_heartbeats_and_the_collector_sees_it_live()
    {
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All, "<Batching><MaxLatencyTime>500</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval=\"1000\"/></PushSettings>");
        await using var conversation = await Conversation.ListenAsync(collector, user);
        await using var source = await ForwardingSource.StartAsync(collector, user, refresh: 3600);

        var beats = await conversation.UntilAsync("Heartbeat", 3);

        Assert.All(beats, beat => Assert.DoesNotContain("<w:Event ", beat.Xml, StringComparison.Ordinal));
        Assert.DoesNotContain(conversation.Requests, said => said.Action == "Events");
        var sources = await Commands.RunAsync("env", [$"FARWIRE_SOCKET={collector.Service.Socket}", RunningService.Program("farwire"), "events", "sources", "--subscription", _name, "-o", "json"]);
        var known = System.Text.Json.JsonDocument.Parse(sources.Output).RootElement[0];
        Assert.Equal("Active", known.GetProperty("RunTimeStatus").GetString());
        Assert.True(known.TryGetProperty("LastHeartbeatTime", out _));
        await source.UntilStatusAsync(IsActive);
    }

    [Fact]
    [Trait("Feature", "SRC-09")]
    public async Task The_limit_of_events_a_second_holds_for_all_subscriptions_together()
    {
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All);
        await collector.SubscribeAsync(_name + "-2", user, All);
        await using var conversation = await Conversation.ListenAsync(collector, user);
        await using var source = await ForwardingSource.MakeAsync();
        source.Journal.Write("app", 1, 60);
        source.Configure(collector, user, "MaxEventsPerSecond: 30\n", $"Server={collector.Address}/SubscriptionManager/WEC,Refresh=1");
        var began = DateTimeOffset.UtcNow;
        await source.StartAsync();

        Assert.Equal(Enumerable.Range(1, 60), (await collector.UntilCollectedAsync(_name, 60)).Select(ForwardingCollector.NumberOf));
        Assert.Equal(Enumerable.Range(1, 60), (await collector.UntilCollectedAsync(_name + "-2", 60)).Select(ForwardingCollector.NumberOf));

        // 120 events at 30 a second, of which a second's worth may go at once: the last leaves no earlier than after three seconds.
        var deliveries = conversation.Requests.Where(said => said.Action == "Events").ToList();
        var sent = 0;
        foreach (var said in deliveries)
        {
            Assert.InRange(said.Numbers.Count, 1, 30);
            sent += said.Numbers.Count;
            Assert.True(sent <= 30 + (30 * (said.Time - began).TotalSeconds), $"{sent} events after {(said.Time - began).TotalSeconds} s");
        }

        Assert.Equal(120, sent);
    }

    private static bool IsActive(System.Text.Json.JsonElement status) =>
        status.GetProperty("Subscriptions").EnumerateArray().Any() && status.GetProperty("Subscriptions").EnumerateArray().All(one => one.GetProperty("State").GetString() == "Active");
}

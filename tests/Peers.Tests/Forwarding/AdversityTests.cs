using System.Diagnostics;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>What may happen between a journal and its collector: cut connections, a full disk, journal files that go, and a collector that forwards too.</summary>
public sealed class AdversityTests(ForwardingCollector collector) : IClassFixture<ForwardingCollector>
{
    private const string All = "<Select Path=\"Linux-Journal\">*[System[Provider[@Name='app']]]</Select>";

    private readonly string _name = $"sub-{Guid.NewGuid():N}";

    [Fact]
    public async Task Connections_that_haproxy_cuts_lose_nothing()
    {
        Commands.Need("/usr/sbin/haproxy");
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All, "<Batching><MaxItems>5</MaxItems><MaxLatencyTime>50</MaxLatencyTime></Batching><PushSettings><Heartbeat Interval=\"3600000\"/></PushSettings>");
        var authority = new Uri(collector.Address).Authority;
        var port = LoopbackPort.Free();
        async Task<Daemon> ProxyAsync() => await Daemon.StartAsync("/usr/sbin/haproxy", async (folder, _) =>
        {
            // Whatever is silent for a tenth of a second is cut, in the middle of whatever it is.
            await File.WriteAllTextAsync(Path.Combine(folder, "haproxy.cfg"), $"""
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 100ms
                  timeout server 100ms
                listen collector
                  bind 127.0.0.1:{port}
                  server one {authority}
                listen ready
                  bind 127.0.0.1:{_}
                  server one {authority}

                """);
            return ["-db", "-f", Path.Combine(folder, "haproxy.cfg")];
        });
        await using var source = await ForwardingSource.MakeAsync();

        // What a subscription says of itself is where it is asked at: deliveries go through the proxy too.
        source.Configure(collector, user, "", $"Server=https://localhost:{port}/wsman/SubscriptionManager/WEC,Refresh=1");
        await source.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            await using (await ProxyAsync())
            {
                source.Journal.Write("app", (round * 20) + 1, 10);
                await Waiting.UntilAsync(async () => (await collector.NumbersAsync(_name)).Distinct().Count() > round * 20, () => source.Log);
                source.Journal.Write("app", (round * 20) + 11, 5);
            }

            source.Journal.Write("app", (round * 20) + 16, 5); // the proxy is gone
        }

        await using var last = await ProxyAsync();
        IReadOnlyList<int> numbers = [];
        await Waiting.UntilAsync(async () => (numbers = await collector.NumbersAsync(_name)).Distinct().Count() >= 80, () => $"{numbers.Distinct().Count()} of 80 came.\n{source.Log}");
        Assert.Equal(Enumerable.Range(1, 80), numbers.Distinct().Order());
    }

    [Fact]
    public async Task A_disk_that_is_full_stops_no_events_and_the_status_says_so()
    {
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All);
        await using var source = await ForwardingSource.MakeAsync();
        Directory.CreateDirectory(source.Bookmarks);
        var mounted = await Commands.RunAsync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", source.Bookmarks]);
        Assert.SkipUnless(mounted.ExitCode == 0, "no file systems can be mounted here");
        try
        {
            source.Configure(collector, user, "", $"Server={collector.Address}/SubscriptionManager/WEC,Refresh=1");
            await source.StartAsync();
            source.Journal.Write("app", 1, 1);
            await source.UntilStatusAsync(status => status.GetProperty("Subscriptions") is var all && all.GetArrayLength() == 1 && all[0].GetProperty("Events").GetInt32() == 1);
            await Commands.RunAsync("dd", ["if=/dev/zero", $"of={source.Bookmarks}/filler", "bs=4k"]);

            source.Journal.Write("app", 2, 1);
            var full = await source.UntilStatusAsync(status => status.GetProperty("Subscriptions")[0].TryGetProperty("LastError", out _));
            Assert.Contains("bookmark could not be kept", full.GetProperty("Subscriptions")[0].GetProperty("LastError").GetString(), StringComparison.Ordinal);
            Assert.Contains("Free space", full.GetProperty("Subscriptions")[0].GetProperty("Fix").GetString(), StringComparison.Ordinal);
            Assert.Equal([1, 2], (await collector.UntilCollectedAsync(_name, 2)).Select(ForwardingCollector.NumberOf));

            File.Delete(Path.Combine(source.Bookmarks, "filler"));
            source.Journal.Write("app", 3, 1);
            await source.UntilStatusAsync(status => !status.GetProperty("Subscriptions")[0].TryGetProperty("LastError", out _));
            await source.KillAsync();
            source.Journal.Write("app", 4, 1);
            await source.StartAsync();
            Assert.Equal([1, 2, 3, 4], (await collector.UntilCollectedAsync(_name, 4)).Select(ForwardingCollector.NumberOf).Distinct());
            await source.StopAsync();
        }
        finally
        {
            await Commands.RunAsync("umount", ["-l", source.Bookmarks]);
        }
    }

    [Fact]
    public async Task Journal_files_that_are_rotated_and_vacuumed_under_way_lose_nothing_that_is_still_there()
    {
        Commands.Need("/usr/bin/journalctl");
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, All);
        await using var source = await ForwardingSource.StartAsync(collector, user);
        source.Journal.Write("app", 1, 20);
        await collector.UntilCollectedAsync(_name, 20);
        await source.StopAsync();
        source.Journal.Write("app", 21, 20);
        await source.Journal.RotateAsync();
        source.Journal.Write("app", 41, 20);
        await source.StartAsync();
        await collector.UntilCollectedAsync(_name, 60);
        await source.Journal.RotateAsync();
        Assert.Equal(0, (await Commands.RunAsync("/usr/bin/journalctl", ["-D", source.Journal.Directory, "--vacuum-files=1"])).ExitCode);
        source.Journal.Write("app", 61, 20);

        Assert.Equal(Enumerable.Range(1, 80), (await collector.UntilCollectedAsync(_name, 80)).Select(ForwardingCollector.NumberOf));
    }

    [Fact]
    public async Task A_collector_forwards_what_it_collected_to_another_with_every_event_as_it_was()
    {
        var user = await collector.AddUserAsync();
        await collector.SubscribeAsync(_name, user, "<Select Path=\"ForwardedEvents\">*</Select>", more: "");
        var password = Path.Combine(collector.Service.State, _name + ".password");
        await File.WriteAllTextAsync(password, AdministeredService.Password + "\n");
        await using var first = new ForwardingCollector(
            ("collector.yaml", $"Outputs:\n  - {{ Name: up, Type: Collector, Address: \"{collector.Address}\", Subscription: {_name}, User: {user}, PasswordFile: {password}, Basic: true, Authorities: {collector.Certificate}, MinRetry: 1s }}\n"));
        await first.InitializeAsync();
        var box = await first.AddUserAsync();
        await first.SubscribeAsync("boxes", box, All, more: "<ReadExistingEvents>true</ReadExistingEvents><ContentFormat>RenderedText</ContentFormat>");
        await using var source = await ForwardingSource.StartAsync(first, box);
        source.Journal.Write("app", 1, 3, more: " <&> ]]> ü");

        var (below, above) = (await first.UntilCollectedAsync("boxes", 3), await collector.UntilCollectedAsync(_name, 3));

        Assert.Equal(below, above);
        Assert.All(above, xml => Assert.Contains("<Computer>box1.example.org</Computer>", xml, StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], above.Select(ForwardingCollector.NumberOf));
    }
}

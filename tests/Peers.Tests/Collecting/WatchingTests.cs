using System.Text.Json;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>What an operator sees of sources, store and outputs from outside.</summary>
public sealed class WatchingTests(RunningService elsewhere)
{
    [Fact]
    public async Task Gaps_and_cleared_logs_show_at_the_source_and_measurements_count_them()
    {
        await using var both = await TwoProcesses.StartAsync($"Outputs:\n  - {{ Name: file, Path: {Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))} }}\n");
        await both.SubscribeAsync("watched");
        using var sender = new EventSender(both.Shared, TwoProcesses.User, TwoProcesses.Password);
        var item = (await sender.SubscribeAsync("watched"))!;
        foreach (var record in new[] { 1, 5, 2 }) // three never came, and then the log was cleared
        {
            Assert.Equal(200, (await sender.SendEventsAsync(item, record, EventSender.Event(record, "x"))).Status);
        }

        var source = JsonDocument.Parse((await both.RunAsync("events", "sources", "-o", "json")).Output).RootElement[0];
        Assert.Equal(("3", "1", "3"), (source.GetProperty("MissingRecords").ToString(), source.GetProperty("ClearedLogs").ToString(), source.GetProperty("Events").ToString()));
        Assert.Contains("3 missing, 1 cleared", (await both.RunAsync("events", "sources")).Output, StringComparison.Ordinal);
        Assert.Equal("[]", (await both.RunAsync("events", "sources", "--silent", "-o", "json")).Output.Trim());

        var local = Path.Combine(Path.GetDirectoryName(both.Socket)!, "collector-local.sock");
        await both.KillAsync("run");
        var metrics = await Commands.RunAsync("/usr/bin/curl", ["-s", "--unix-socket", local, "http://localhost/metrics"]);
        Assert.All(
            ["farwire_collector_events_total 3\n", "farwire_collector_missing_total 3\n", "farwire_collector_cleared_total 1\n", "farwire_collector_sources{status=\"Active\"} 1\n", "farwire_collector_output_lag{output=\"file\"} 0\n"],
            line => Assert.Contains(line, metrics.Output, StringComparison.Ordinal));
        var direct = await Commands.RunAsync("env", [$"FARWIRE_SOCKET={local}", RunningService.Program("farwire"), "wecutil", "es"]);
        Assert.Contains("watched\n", direct.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_go_on_to_another_collector_and_are_acknowledged_there()
    {
        var name = $"onward-{Guid.NewGuid():N}";
        var file = Path.Combine(Path.GetTempPath(), name);
        await File.WriteAllTextAsync(file, EventSender.Subscription(name, elsewhere.User));
        await File.WriteAllTextAsync(file + ".password", elsewhere.Password + "\n");
        Assert.Equal(0, (await Commands.RunAsync(RunningService.Program("farwire"), ["wecutil", "cs", file, "--connect", elsewhere.ConnectionFile])).ExitCode);
        await using var both = await TwoProcesses.StartAsync(
            $"Outputs:\n  - {{ Name: up, Type: Collector, Address: \"{elsewhere.Http}\", Subscription: {name}, User: {elsewhere.User}, PasswordFile: {file}.password, Basic: true, MinRetry: 1s }}\n");
        await both.SubscribeAsync("first");
        using var sender = new EventSender(both.Shared, TwoProcesses.User, TwoProcesses.Password);
        var item = (await sender.SubscribeAsync("first"))!;
        Assert.Equal(200, (await sender.SendEventsAsync(item, 2, EventSender.Event(1, "one"), EventSender.Event(2, "two"))).Status);

        await AdministeredService.UntilAsync(async () =>
            (await Commands.RunAsync(RunningService.Program("farwire"), ["events", "export", "--subscription", name, "-o", "xml", "--connect", elsewhere.ConnectionFile])).Output.Split("<EventRecordID>").Length == 3);
    }
}

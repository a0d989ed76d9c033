using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>The collector is a process of its own: whichever of both is killed, the other goes on.</summary>
public sealed class IsolationTests
{
    [Fact]
    [Trait("Feature", "WEC-13")]
    public async Task A_killed_collector_leaves_management_answering_and_a_killed_management_leaves_the_collector()
    {
        await using var both = await TwoProcesses.StartAsync();
        await both.SubscribeAsync("shared");
        await both.SubscribeAsync("own");
        using var shared = await Load.StartAsync(both.Shared, "shared");
        await AdministeredService.UntilAsync(() => Task.FromResult(shared.Acknowledged > 200));
        Assert.NotEqual(both.ProcessId("run"), both.ProcessId("collector"));

        // The collector dies under load: its paths and resources answer 503, all else works.
        await both.KillAsync("collector");
        await AdministeredService.UntilAsync(() => Task.FromResult(shared.Last == 503));
        Assert.Contains("ProductVendor", (await ManageAsync(both, "winrm", "identify")).Output, StringComparison.Ordinal);
        Assert.Contains("MaxTimeoutms", (await ManageAsync(both, "winrm", "get", "winrm/config")).Output, StringComparison.Ordinal);
        Assert.Equal("alive\n", (await ManageAsync(both, "winrs", "echo alive")).Output);
        var without = await both.RunAsync("wecutil", "es");
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("The collector does not run there. Start it: 'systemctl start farwired-collector'", without.Errors, StringComparison.Ordinal);

        // It comes back, the source goes on, and nothing that was acknowledged is missing.
        await both.StartAsync("collector");
        var before = shared.Acknowledged;
        await AdministeredService.UntilAsync(() => Task.FromResult(shared.Acknowledged > before + 100));
        Assert.Equal([200, 503], shared.Statuses.Order());
        var acknowledged = await shared.StopAsync();
        Assert.Equal(Enumerable.Range(1, acknowledged), (await both.StoredAsync("shared")).Take(acknowledged));

        // The reverse: management dies, and the collector goes on at the port of its own.
        using var own = await Load.StartAsync(both.Own, "own");
        await AdministeredService.UntilAsync(() => Task.FromResult(own.Acknowledged > 100));
        await both.KillAsync("run");
        before = own.Acknowledged;
        await AdministeredService.UntilAsync(() => Task.FromResult(own.Acknowledged > before + 200));
        Assert.Equal([200], own.Statuses);
        acknowledged = await own.StopAsync();

        await both.StartAsync("run");
        Assert.Equal(Enumerable.Range(1, acknowledged), (await both.StoredAsync("own")).Take(acknowledged));
    }

    private static async Task<Outcome> ManageAsync(TwoProcesses both, params string[] words)
    {
        var password = Path.Combine(both.Config, "password");
        await File.WriteAllTextAsync(password, TwoProcesses.Password + "\n");
        string[] who = [$"-r:{both.Shared}", $"-u:{TwoProcesses.User}", "--password-file", password, "-a:Basic", "-un"];
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), words[0] == "winrs" ? ["winrs", .. who, .. words[1..]] : [.. words, .. who]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome;
    }

    /// <summary>A source that sends as fast as it gets its acknowledgements, and what was refused again.</summary>
    private sealed class Load(EventSender sender, string item) : IDisposable
    {
        private const int BatchEvents = 10;

        private readonly CancellationTokenSource _stop = new();
        private Task<int> _run = Task.FromResult(0);
        private int _acknowledged;

        public int Acknowledged => Volatile.Read(ref _acknowledged);

        public int Last { get; private set; }

        public HashSet<int> Statuses { get; } = [];

        public static async Task<Load> StartAsync(string service, string subscription)
        {
            var sender = new EventSender(service, TwoProcesses.User, TwoProcesses.Password);
            var load = new Load(sender, (await sender.SubscribeAsync(subscription))!);
            load._run = Task.Run(load.RunAsync);
            return load;
        }

        /// <summary>Ends it, and answers the last record that was acknowledged.</summary>
        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await _run;
        }

        public void Dispose()
        {
            _stop.Cancel();
            sender.Dispose();
            _stop.Dispose();
        }

        private async Task<int> RunAsync()
        {
            for (var next = 1; ;)
            {
                if (_stop.IsCancellationRequested)
                {
                    return next - 1;
                }

                var (status, _) = await sender.SendEventsAsync(item, next + BatchEvents - 1, [.. Enumerable.Range(next, BatchEvents).Select(record => EventSender.Event(record, "load"))]);
                Last = status;
                Statuses.Add(status);
                if (status == 200)
                {
                    next += BatchEvents;
                    Volatile.Write(ref _acknowledged, next - 1);
                }
                else
                {
                    await Task.Delay(20);
                }
            }
        }
    }
}

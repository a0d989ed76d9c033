using System.Diagnostics;
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;
using Farwire.Client;
using Farwire.Client.Shells;

namespace Farwire.Benchmarks.Shells;

/// <summary>A thousand shells open on one service: what an idle one takes, and whether all get their share when all have work.</summary>
internal sealed class ManyShells(Table table, ServerProcess service)
{
    private const int Count = 1000;
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(20);

    public async Task RunAsync()
    {
        await using var client = Clients.Of(service);
        await Clients.TrueAsync(client);
        var before = service.ResidentMegabytes;
        var start = Stopwatch.GetTimestamp();
        var shells = new List<RemoteShell>();
        for (var i = 0; i < Count; i++)
        {
            shells.Add(await client.OpenShellAsync());
        }

        table.Tell("a shell opened, with up to 1,000 others", Stopwatch.GetElapsedTime(start).TotalMilliseconds / Count, "ms");
        table.Tell("memory of an idle shell", (service.ResidentMegabytes - before) * 1024 / Count, "KB");
        await ShareAsync(shells);
        await Parallel.ForEachAsync(shells, async (shell, _) => await shell.DisposeAsync());
    }

    // Everyone runs one command after another. Who gets least is held against the middle.
    private async Task ShareAsync(List<RemoteShell> shells)
    {
        using var enough = new CancellationTokenSource(Work);
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(shells.Select(shell => Task.Run(async () =>
        {
            var done = 0;
            while (!enough.IsCancellationRequested)
            {
                await shell.RunAsync("true");
                done++;
            }

            return done;
        })));
        table.Tell("commands of 1,000 shells at once", counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds, "/s");
        table.Tell("  of the shell that got least, against the middle", counts.Min(), "", Ratios.Middle(counts.Select(count => (double)count)));
        table.Tell("  memory of the service then", service.PeakMegabytes, "MB");
    }
}

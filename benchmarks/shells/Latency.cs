using System.Diagnostics;
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;

namespace Farwire.Benchmarks.Shells;

/// <summary>A shell opened, <c>true</c> run, the shell closed, over TLS; against <c>sh -c true</c> started here.</summary>
internal sealed class Latency(Table table, ServerProcess service)
{
    public async Task RunAsync()
    {
        await using var client = Clients.Of(service);
        var (remote, local) = (new List<double>(), new List<double>());
        for (var i = -50; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await Clients.TrueAsync(client);
            var middle = Stopwatch.GetTimestamp();
            using (var process = Process.Start("/bin/sh", ["-c", "true"]))
            {
                process.WaitForExit();
            }

            if (i >= 0)
            {
                remote.Add(Stopwatch.GetElapsedTime(start, middle).TotalMilliseconds);
                local.Add(Stopwatch.GetElapsedTime(middle).TotalMilliseconds);
            }
        }

        table.Tell("winrs true, warm, over TLS", Ratios.Middle(remote), "ms", Ratios.Middle(local));
        table.AtMost("  above local sh -c true", Ratios.Middle(remote) - Ratios.Middle(local), 10, "ms");
    }
}

using System.Diagnostics;
using System.Globalization;
using Farwire.Benchmarks.Load.Measures;
using Farwire.Benchmarks.Load.Servers;

namespace Farwire.Benchmarks.Shells;

/// <summary><c>true</c>, warm, again and again: our client and pywinrm's on the same service.</summary>
internal sealed class AgainstPywinrm(Table table, ServerProcess service)
{
    private const int Count = 100;

    public async Task RunAsync()
    {
        await using var client = Clients.Of(service);
        await Clients.TrueAsync(client);
        var (wall, cpu) = (new Ratios(), new Ratios());
        for (var i = 0; i < 20 * Count; i++)
        {
            await Clients.TrueAsync(client); // until the runtime has compiled what runs often
        }

        for (var round = -1; round < 5; round++)
        {
            var theirs = Theirs();
            var start = Stopwatch.GetTimestamp();
            var used = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < Count; i++)
            {
                await Clients.TrueAsync(client);
            }

            if (round >= 0)
            {
                wall.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / Count, theirs.Wall / Count * 1000);
                cpu.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds / Count, theirs.Cpu / Count * 1000);
            }
        }

        table.AtMost("winrs true, wall time, against pywinrm", wall, 1 / 2.0, "ms");
        table.AtMost("winrs true, client's CPU, against pywinrm", cpu, 1 / 5.0, "ms");
    }

    private (double Wall, double Cpu) Theirs()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pywinrm_true.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, service.Https!.ToString(), service.User, service.Password, Count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };

        // They would overrule what the script says about the certificate.
        start.Environment.Remove("REQUESTS_CA_BUNDLE");
        start.Environment.Remove("CURL_CA_BUNDLE");
        using var python = Process.Start(start)!;
        var seconds = python.StandardOutput.ReadToEnd().Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToArray();
        python.WaitForExit();
        return (seconds[0], seconds[1]);
    }
}

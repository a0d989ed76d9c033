using System.Diagnostics;
using System.Globalization;
using System.Text;
using Farwire.Ipmi;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Session;
using Farwire.TestKit.Bmc;

namespace Farwire.Benchmarks.Ipmi;

/// <summary>One controller, all sensors: the library from opening the session to the last reading, the tools as processes.</summary>
internal static class SensorTimes
{
    private const int Rounds = 15;

    public static async Task RunAsync()
    {
        if (SimulatedBmc.Missing is { } missing)
        {
            Console.WriteLine($"sensors: {missing}");
            return;
        }

        await using var bmc = await SimulatedBmc.StartAsync();
        var folder = Directory.CreateTempSubdirectory("farwire-benchmark-").FullName;
        var kept = new MemorySdrCache();
        await ReadAsync(bmc.Port, kept);

        // Warm: records that were kept. ipmitool keeps them with sdr dump and -S.
        var dump = Path.Combine(folder, "sdr");
        await bmc.IpmitoolAsync("sdr", "dump", dump);
        string[] cached = ["--sdr-cache-directory", folder, "--quiet-cache"];
        await bmc.FreeIpmiAsync("ipmi-sensors", cached);
        var coldOurs = await MedianAsync(() => ReadAsync(bmc.Port, null));
        var warmOurs = await MedianAsync(() => ReadAsync(bmc.Port, kept));
        var coldTool = await MedianAsync(() => bmc.IpmitoolAsync("sdr", "elist"));
        var warmTool = await MedianAsync(() => bmc.IpmitoolAsync("-S", dump, "sdr", "elist"));
        var coldFree = await MedianAsync(() => bmc.FreeIpmiAsync("ipmi-sensors", [.. cached, "--sdr-cache-recreate"]));
        var warmFree = await MedianAsync(() => bmc.FreeIpmiAsync("ipmi-sensors", cached));
        Directory.Delete(folder, recursive: true);

        Console.WriteLine($"{"16 sensors, median of " + Rounds,-30} {"farwire",9} {"ipmitool",9} {"ratio",6} {"FreeIPMI",9} {"ratio",6}");
        Row("records read (cold)", coldOurs, coldTool, coldFree);
        Row("records kept (warm)", warmOurs, warmTool, warmFree);
    }

    private static void Row(string name, double ours, double tool, double free) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-30} {ours,7:F1}ms {tool,7:F1}ms {ours / tool,6:F2} {free,7:F1}ms {ours / free,6:F2}"));

    private static async Task ReadAsync(int port, ISdrCache? cache)
    {
        var options = new LanOptions
        {
            Host = "127.0.0.1", Port = port, User = SimulatedBmc.Administrator, Password = Encoding.UTF8.GetBytes(SimulatedBmc.AdministratorPassword),
            CipherSuites = [CipherSuite.Suite3],
        };
        await using var client = IpmiClient.OverLan(options, cache: cache);
        if ((await client.Sensors.ReadAllAsync()).Count != 16)
        {
            throw new InvalidOperationException("The simulator has 16 sensors.");
        }
    }

    private static async Task<double> MedianAsync(Func<Task> measured)
    {
        var times = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            await measured();
            times[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Rounds / 2];
    }
}

using Farwire.Cim.Instances;
using Farwire.Linux.DBus;
using Farwire.Providers.Contract;
using Farwire.TestKit;

namespace Farwire.Providers.Tests;

/// <summary>Counters as monitoring tools calculate with them: what the kernel says is given, and the clock stands.</summary>
public sealed class CounterTests : IDisposable
{
    private const string Stat = "cpu  {0} 0 200 {1} 100 0 0 0\ncpu0 {0} 0 200 {1} 100 0 0 0\nintr 5000 1\nctxt {2}\nbtime 1600000000\nprocs_running 3\n";

    private readonly FakeTree _tree = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Raw_values_give_the_load_by_the_formula_of_their_type()
    {
        _tree.With("proc/stat", Format(Stat, 300, 1000, 0));
        var before = (await _tree.ListAsync("Win32_PerfRawData_PerfOS_Processor", time: _time)).Single(i => i["Name"].AsString() == "0");
        _time.Advance(TimeSpan.FromSeconds(2));
        _tree.With("proc/stat", Format(Stat, 450, 1050, 0)); // 150 ticks of work, 50 idle, in 200
        var after = (await _tree.ListAsync("Win32_PerfRawData_PerfOS_Processor", time: _time)).Single(i => i["Name"].AsString() == "0");

        double Delta(string property) => after[property].AsUInt64() - before[property].AsUInt64();
        Assert.Equal(75, 100 * (1 - (Delta("PercentProcessorTime") / Delta("Timestamp_Sys100NS")))); // PERF_100NSEC_TIMER_INV
        Assert.Equal(75, 100 * Delta("PercentUserTime") / Delta("Timestamp_Sys100NS")); // PERF_100NSEC_TIMER
        Assert.Equal(2, Delta("Timestamp_PerfTime") / after["Frequency_PerfTime"].AsUInt64());
        Assert.Equal(11_000_000_0ul, before["PercentProcessorTime"].AsUInt64()); // 1,100 ticks of 10 ms in 100 ns
    }

    [Fact]
    public async Task Formatted_values_compare_with_what_was_seen_before()
    {
        _tree.With("proc/stat", Format(Stat, 300, 1000, 10_000)).With("proc/vmstat", "pgfault 5\n").With("proc/loadavg", "0.1 0.2 0.3 2/345 999\n");
        var (processor, system) = (Provider("Win32_PerfFormattedData_PerfOS_Processor"), Provider("Win32_PerfFormattedData_PerfOS_System"));

        var first = Task.WhenAll(ReadAsync(processor), ReadAsync(system));
        while (_time.WaitingTimers < 2)
        {
            await Task.Yield();
        }

        _tree.With("proc/stat", Format(Stat, 350, 1050, 10_400));
        _time.Advance(TimeSpan.FromSeconds(1));
        var now = await first;
        _tree.With("proc/stat", Format(Stat, 350, 1250, 10_400));
        _time.Advance(TimeSpan.FromSeconds(2));
        var idle = await ReadAsync(processor); // the look before is fresh enough: no waiting

        Assert.Equal((50ul, 50ul), (now[0].Last()["PercentProcessorTime"].AsUInt64(), now[0].Last()["PercentUserTime"].AsUInt64()));
        Assert.Equal((400ul, 345ul), (now[1].Single()["ContextSwitchesPersec"].AsUInt64(), now[1].Single()["Threads"].AsUInt64()));
        Assert.Equal((ulong)(_time.GetUtcNow().AddSeconds(-2) - DateTimeOffset.FromUnixTimeSeconds(1_600_000_000)).TotalSeconds, now[1].Single()["SystemUpTime"].AsUInt64());
        Assert.Equal((0ul, 100ul), (idle.Last()["PercentProcessorTime"].AsUInt64(), idle.Last()["PercentIdleTime"].AsUInt64()));
    }

    [Fact]
    public async Task Disks_count_operations_bytes_and_times()
    {
        foreach (var file in new[] { "dev", "size", "device/model" })
        {
            _tree.With("sys/block/sda/" + file, file == "dev" ? "8:0\n" : "2048\n");
        }

        _tree.With("sys/block/sda/stat", "  100 0 2000 500 10 0 80 40 3 700 900 0 0 0 0\n");
        var before = await _tree.ListAsync("Win32_PerfRawData_PerfDisk_PhysicalDisk", time: _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        _tree.With("sys/block/sda/stat", "  110 0 2200 520 10 0 80 40 3 1200 900 0 0 0 0\n");
        var after = await _tree.ListAsync("Win32_PerfRawData_PerfDisk_PhysicalDisk", time: _time);

        Assert.Equal(["0 sda", "_Total"], before.Select(d => d["Name"].AsString()));
        double Delta(string property) => after[0][property].AsUInt64() - before[0][property].AsUInt64();
        Assert.Equal((10, 200 * 512), (Delta("DiskReadsPersec"), Delta("DiskReadBytesPersec")));
        Assert.Equal(0.002, Delta("AvgDisksecPerRead") / after[0]["Frequency_PerfTime"].AsUInt64() / Delta("AvgDisksecPerRead_Base"), 6); // 20 ms for 10 reads
        Assert.Equal(2, 100 * Delta("PercentDiskTime") / Delta("PercentDiskTime_Base"), 6); // 20 ms of a second
        Assert.Equal(50, 100 * Delta("PercentIdleTime") / Delta("PercentIdleTime_Base"), 6); // busy for 500 ms of it
        Assert.Equal(3ul, after[0]["CurrentDiskQueueLength"].AsUInt64());
    }

    public void Dispose() => _tree.Dispose();

    private ICimProvider Provider(string className) => CimProviders.Linux(_tree.Paths, _time, new SystemBus("unix:path=/nowhere/bus"))
        .Namespaces.Single(n => n.Name == "root/cimv2").Providers.Single(p => p.Class.Name == className);

    private static async Task<List<CimInstance>> ReadAsync(ICimProvider provider) => await provider.EnumerateAsync(CimNeed.All, CancellationToken.None).ToListAsync();

    private static string Format(string text, params object[] values) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, values);
}

using System.Globalization;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Performance counters against the kernel's own tables, read in the same second, and against a load that the test makes.</summary>
public sealed class CounterTests(RunningService service)
{
    [Fact]
    public async Task The_load_that_a_tool_calculates_from_raw_values_is_that_of_the_kernel()
    {
        var (firstOurs, firstTheirs) = (await RawAsync(), await IdleAsync());
        using var work = new CancellationTokenSource();
        var busy = Task.Run(() =>
        {
            while (!work.IsCancellationRequested)
            {
                Thread.SpinWait(1000);
            }
        });
        while ((await IdleAsync()).Total - firstTheirs.Total < 150)
        {
            await Task.Delay(50);
        }

        var (secondOurs, secondTheirs) = (await RawAsync(), await IdleAsync());
        await work.CancelAsync();
        await busy;

        var ours = 100 * (1 - ((double)(secondOurs.Idle - firstOurs.Idle) / (secondOurs.Time - firstOurs.Time)));
        var theirs = 100 * (1 - ((double)(secondTheirs.Idle - firstTheirs.Idle) / (secondTheirs.Total - firstTheirs.Total)));
        Assert.InRange(ours - theirs, -20, 20);
        Assert.InRange(ours, 20, 101); // one processor works
    }

    [Fact]
    public async Task Network_counters_are_those_of_ip()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "iproute2 is not installed");
        async Task<ulong> BytesAsync() => System.Text.Json.JsonDocument.Parse((await Commands.RunAsync("ip", ["-j", "-s", "link", "show", "lo"])).Output)
            .RootElement[0].GetProperty("stats64").GetProperty("rx").GetProperty("bytes").GetUInt64();

        var before = await BytesAsync();
        var ours = (ulong)Assert.Single(await service.QueryAsync("select BytesReceivedPersec from Win32_PerfRawData_Tcpip_NetworkInterface where Name='lo'")).Number("BytesReceivedPersec");
        var after = await BytesAsync();

        Assert.InRange(ours, before, after);
    }

    [Fact]
    public async Task Memory_and_system_counters_are_those_of_the_kernel()
    {
        var memory = Assert.Single(await service.ListAsync("Win32_PerfRawData_PerfOS_Memory"));
        var system = Assert.Single(await service.ListAsync("Win32_PerfFormattedData_PerfOS_System"));
        var free = (await Commands.RunAsync("free", ["-b"])).Output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(memory.Number("AvailableBytes") - long.Parse(free[6], CultureInfo.InvariantCulture), -2_000_000_000, 2_000_000_000);
        Assert.InRange(system.Number("SystemUpTime") - double.Parse((await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture), -10, 10);
        Assert.True(system.Number("ContextSwitchesPersec") > 0);
        Assert.InRange(system.Number("Processes"), 2, 1_000_000);
    }

    private async Task<(ulong Idle, ulong Time)> RawAsync()
    {
        var total = Assert.Single(await service.QueryAsync("select PercentProcessorTime,Timestamp_Sys100NS from Win32_PerfRawData_PerfOS_Processor where Name='_Total'"));
        return ((ulong)total.Number("PercentProcessorTime"), (ulong)total.Number("Timestamp_Sys100NS"));
    }

    private static async Task<(long Idle, long Total)> IdleAsync()
    {
        var fields = (await File.ReadAllLinesAsync("/proc/stat"))[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return (fields[3] + fields[4], fields.Sum());
    }
}

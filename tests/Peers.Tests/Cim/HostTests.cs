using System.Globalization;
using System.Text.Json;

namespace Farwire.Peers.Tests.Cim;

/// <summary>System, processors and file systems against the system's own tools.</summary>
public sealed class HostTests(RunningService service)
{
    [Fact]
    public async Task The_processors_are_those_of_lscpu()
    {
        var lscpu = await Commands.RunAsync("lscpu", ["-J"]);
        Assert.SkipUnless(lscpu.ExitCode == 0, "lscpu is not installed");
        var fields = JsonDocument.Parse(lscpu.Output).RootElement.GetProperty("lscpu").EnumerateArray()
            .ToDictionary(f => f.GetProperty("field").GetString()!.TrimEnd(':'), f => f.GetProperty("data").GetString()!);

        var ours = await service.ListAsync("Win32_Processor");

        Assert.Equal(long.Parse(fields["Socket(s)"], CultureInfo.InvariantCulture), ours.Count);
        Assert.Equal(long.Parse(fields["CPU(s)"], CultureInfo.InvariantCulture), ours.Sum(p => p.Number("NumberOfLogicalProcessors")));
        Assert.Equal(
            long.Parse(fields["Core(s) per socket"], CultureInfo.InvariantCulture) * ours.Count, ours.Sum(p => p.Number("NumberOfCores")));
        Assert.All(ours, p => Assert.Equal(fields["Model name"], p.Text("Name")));
        Assert.All(ours, p => Assert.InRange(p.Number("LoadPercentage"), 0, 100));
        Assert.All(ours, p => Assert.Equal(fields["Architecture"] switch { "x86_64" => 9, "aarch64" => 12, _ => -1 }, p.Number("Architecture")));
    }

    [Fact]
    public async Task The_file_systems_have_the_sizes_that_df_says()
    {
        var df = await Commands.RunAsync("df", ["-B1", "--output=target,size,used,fstype"]);
        var rows = df.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(r => r[0]);

        var ours = await service.ListAsync("Win32_LogicalDisk");

        Assert.Contains(ours, d => d.Text("DeviceID") == "/");
        foreach (var disk in ours)
        {
            var row = rows[disk.Text("DeviceID")!];
            Assert.Equal(row[1], disk.Text("Size"));
            Assert.Equal(row[3], disk.Text("FileSystem"));

            // Others write meanwhile.
            var used = disk.Number("Size") - disk.Number("FreeSpace");
            Assert.InRange(used - long.Parse(row[2], CultureInfo.InvariantCulture), -1_000_000_000, 1_000_000_000);
        }
    }

    [Fact]
    public async Task A_file_system_that_is_mounted_shows_at_the_next_question()
    {
        var folder = Directory.CreateTempSubdirectory("farwire mount ").FullName;
        var mounted = await Commands.RunAsync("mount", ["-t", "tmpfs", "-o", "size=5m", "none", folder]);
        try
        {
            Assert.SkipUnless(mounted.ExitCode == 0, "nothing can be mounted here: " + mounted.Errors);
            var disk = Assert.Single(await service.QueryAsync($"select * from Win32_LogicalDisk where DeviceID = '{folder}'"));
            Assert.Equal((5 * 1024 * 1024, 6), (disk.Number("Size"), disk.Number("DriveType")));
        }
        finally
        {
            await Commands.RunAsync("umount", [folder]);
            Directory.Delete(folder);
        }

        Assert.Empty(await service.QueryAsync($"select * from Win32_LogicalDisk where DeviceID = '{folder}'"));
    }

    [Fact]
    public async Task The_system_is_what_its_tools_say()
    {
        var os = await service.GetAsync("Win32_OperatingSystem");
        var computer = await service.GetAsync("Win32_ComputerSystem?Name=" + Environment.MachineName);

        Assert.Equal((await Commands.RunAsync("uname", ["-r"])).Output.Trim(), os.Text("BuildNumber"));
        Assert.Equal((await Commands.RunAsync("hostname", [])).Output.Trim(), os.Text("CSName"));
        var free = (await Commands.RunAsync("free", ["-k"])).Output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(free[1], os.Text("TotalVisibleMemorySize"));
        Assert.InRange(os.Number("FreePhysicalMemory") - long.Parse(free[6], CultureInfo.InvariantCulture), -2_000_000, 2_000_000);
        Assert.Equal(long.Parse(free[1], CultureInfo.InvariantCulture) * 1024, computer.Number("TotalPhysicalMemory"));
        var up = double.Parse((await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
        var booted = DateTimeOffset.Parse(os.Text("LastBootUpTime")!, CultureInfo.InvariantCulture);
        Assert.InRange((DateTimeOffset.UtcNow.AddSeconds(-up) - booted).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal((await Commands.RunAsync("nproc", ["--all"])).Output.Trim(), computer.Text("NumberOfLogicalProcessors"));
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Win32_Process against ps.</summary>
public sealed class ProcessTests(RunningService service)
{
    [Fact]
    public async Task The_processes_are_those_that_ps_sees()
    {
        // A process that ps sees both before and after is one that we must see; one that we see must be in one of the two.
        var before = await PsAsync();
        var ours = (await service.QueryAsync("select ProcessId,ParentProcessId,Name,ThreadCount,SessionId from Win32_Process")).ToDictionary(p => p.Number("ProcessId"));
        var after = await PsAsync();

        Assert.Empty(before.Keys.Intersect(after.Keys).Except(ours.Keys));
        foreach (var (id, row) in before.Where(p => after.TryGetValue(p.Key, out var same) && same == p.Value))
        {
            Assert.Equal(row.Parent, ours[id].Number("ParentProcessId"));
            Assert.Equal(row.Session, ours[id].Number("SessionId"));
            if (!row.Name.StartsWith("kworker/", StringComparison.Ordinal)) // these are named for what they do just now
            {
                Assert.StartsWith(row.Name, ours[id].Text("Name"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Of_one_process_all_that_ps_tells_is_the_same()
    {
        using var sleep = Process.Start(new ProcessStartInfo("sleep", ["1000.5"]))!;
        var id = sleep.Id.ToString(CultureInfo.InvariantCulture);
        string ps;
        System.Text.Json.JsonElement process;
        do
        {
            // Its pages come in while it starts: only what stayed the same around our question can be compared.
            ps = await PsAsync(id, "rss=,vsz=,nlwp=");
            process = await service.GetAsync("Win32_Process?Handle=" + id);
        }
        while (ps != await PsAsync(id, "rss=,vsz=,nlwp="));

        var started = DateTimeOffset.Parse(process.Text("CreationDate")!, CultureInfo.InvariantCulture);
        var elapsed = TimeSpan.FromSeconds(long.Parse(await PsAsync(id, "etimes="), CultureInfo.InvariantCulture));
        sleep.Kill();
        await sleep.WaitForExitAsync();
        var gone = await service.FaultAsync("get", "wmicimv2/Win32_Process?Handle=" + id);

        var fields = ps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(fields.Skip(1), [process.Number("VirtualSize") / 1024, process.Number("ThreadCount")]);
        Assert.InRange((process.Number("WorkingSetSize") / 1024) - fields[0], -512, 512); // the kernel adds its counts up lazily, in two files
        Assert.Equal("sleep 1000.5", process.Text("CommandLine"));
        Assert.EndsWith("/sleep", process.Text("ExecutablePath"), StringComparison.Ordinal);
        Assert.InRange((DateTimeOffset.UtcNow - elapsed - started).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("2150858752", gone, StringComparison.Ordinal);
    }

    private static async Task<string> PsAsync(string id, string columns) => (await Commands.RunAsync("ps", ["-o", columns, "-p", id])).Output.Trim();

    private static async Task<Dictionary<long, (long Parent, long Session, string Name)>> PsAsync() =>
        (await Commands.RunAsync("ps", ["-eo", "pid=,ppid=,sess=,comm="])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(
            f => long.Parse(f[0], CultureInfo.InvariantCulture),
            f => (long.Parse(f[1], CultureInfo.InvariantCulture), long.Parse(f[2], CultureInfo.InvariantCulture), f[3].Replace(" <defunct>", "", StringComparison.Ordinal)));
}

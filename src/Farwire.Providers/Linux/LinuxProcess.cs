using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_Process: processes with user, state, nice value and control group.</summary>
internal static class LinuxProcess
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<ProcessFacts>(schema, "Linux_Process", need =>
            need.Fixed("ProcessId") is { } id ? One(id, DetailsFor(need)) is { } one ? [one] : [] : linux.Processes.Read(DetailsFor(need)))
        {
            Find = (keys, _) => ValueTask.FromResult(One(keys[0], DetailsFor(CimNeed.All))),
            ["Caption"] = p => p.Name,
            ["CGroup"] = p => CGroup(File(p, "cgroup")),
            ["CommandLine"] = p => p.CommandLine,
            ["GroupId"] = p => p.GroupId,
            ["Name"] = p => p.Name,
            ["Nice"] = p => p.Nice,
            ["OomScore"] = p => int.TryParse(File(p, "oom_score"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var score) ? score : default(CimValue),
            ["ParentProcessId"] = p => (uint?)p.ParentId,
            ["ProcessId"] = p => (uint)p.Id,
            ["ResidentBytes"] = p => p.ResidentBytes,
            ["State"] = p => p.State?.ToString(),
            ["SwappedBytes"] = p => p.SwappedBytes,
            ["Threads"] = p => (uint?)p.Threads,
            ["UserId"] = p => p.UserId,
        };

        ProcessFacts? One(string id, ProcessDetails details) =>
            int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? linux.Processes.Read(number, details) : null;

        string? File(ProcessFacts process, string file) => KernelText.Read($"{linux.Paths.Proc}/{process.Id}/{file}");
    }

    private static ProcessDetails DetailsFor(CimNeed need) => ProcessDetails.Stat
        | (need.Needs("CommandLine") ? ProcessDetails.CommandLine : 0)
        | (need.Needs("UserId", "GroupId", "SwappedBytes") ? ProcessDetails.Status : 0);

    // hierarchy:controllers:path; version 2 is hierarchy 0.
    private static string? CGroup(string? lines) =>
        lines?.Split('\n').FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal)) is { } line ? line[3..] : null;
}

using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Processes;

/// <summary>Win32_Process: what runs now. Only the files that the wanted properties need are opened.</summary>
internal static class Win32Process
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var (table, host) = (linux.Processes, linux.Host);
        return new CimTable<ProcessFacts>(schema, "Win32_Process", Rows)
        {
            Find = (keys, _) => ValueTask.FromResult(One(keys[0], DetailsFor(CimNeed.All))),
            ["OSCreationClassName"] = _ => "Win32_OperatingSystem",
            ["OSName"] = _ => host.PrettyName,
            ["WindowsVersion"] = _ => host.VersionId ?? host.KernelRelease,
            ["Handle"] = p => p.Id.ToString(CultureInfo.InvariantCulture),
            ["ProcessId"] = p => (uint)p.Id,
            ["Name"] = p => p.Name,
            ["Caption"] = p => p.Name,
            ["Description"] = p => p.Name,
            ["CommandLine"] = p => p.CommandLine,
            ["ExecutablePath"] = p => p.Executable,
            ["ParentProcessId"] = p => (uint?)p.ParentId,
            ["SessionId"] = p => p.SessionId is >= 0 and var id ? (uint)id : default(CimValue),
            ["Priority"] = p => p.Priority is { } priority ? (uint)Math.Max(0, priority) : default(CimValue),
            ["ThreadCount"] = p => (uint?)p.Threads,
            ["UserModeTime"] = p => (ulong?)p.UserTicks,
            ["KernelModeTime"] = p => (ulong?)p.KernelTicks,
            ["CreationDate"] = p => p.StartTicks is { } ticks ? new CimDateTime(host.BootTime.AddTicks(ticks)) : default(CimValue),
            ["PageFaults"] = p => p.PageFaults is { } faults ? (uint)Math.Min(faults, uint.MaxValue) : default(CimValue),
            ["VirtualSize"] = p => p.VirtualBytes,
            ["WorkingSetSize"] = p => p.ResidentBytes,
            ["PeakVirtualSize"] = p => p.PeakVirtualBytes,
            ["PeakWorkingSetSize"] = p => KiB(p.PeakResidentBytes),
            ["PrivatePageCount"] = p => p.PrivateBytes,
            ["PageFileUsage"] = p => KiB(p.SwappedBytes),
            ["ReadOperationCount"] = p => p.ReadOperations,
            ["WriteOperationCount"] = p => p.WriteOperations,
            ["ReadTransferCount"] = p => p.ReadBytes,
            ["WriteTransferCount"] = p => p.WrittenBytes,
            ["HandleCount"] = p => (uint?)p.Handles,
        };

        IEnumerable<ProcessFacts> Rows(CimNeed need) => (need.Fixed("ProcessId") ?? need.Fixed("Handle")) is { } wanted
            ? One(wanted, DetailsFor(need)) is { } one ? [one] : []
            : table.Read(DetailsFor(need));

        ProcessFacts? One(string id, ProcessDetails details) =>
            int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? table.Read(number, details) : null;
    }

    // The kernel's own account is read in any case: it says that the process is still there.
    private static ProcessDetails DetailsFor(CimNeed need) => ProcessDetails.Stat
        | (need.Needs("CommandLine") ? ProcessDetails.CommandLine : 0)
        | (need.Needs("ExecutablePath") ? ProcessDetails.Executable : 0)
        | (need.Needs("PeakVirtualSize", "PeakWorkingSetSize", "PrivatePageCount", "PageFileUsage") ? ProcessDetails.Status : 0)
        | (need.Needs("ReadOperationCount", "WriteOperationCount", "ReadTransferCount", "WriteTransferCount") ? ProcessDetails.InputOutput : 0)
        | (need.Needs("HandleCount") ? ProcessDetails.Handles : 0);

    private static uint? KiB(ulong? bytes) => bytes is { } number ? (uint)Math.Min(number / 1024, uint.MaxValue) : null;
}

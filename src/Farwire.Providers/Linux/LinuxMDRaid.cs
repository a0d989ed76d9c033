using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_MDRaid: the arrays of the kernel's md driver.</summary>
internal static class LinuxMDRaid
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<RaidArray>(schema, "Linux_MDRaid", _ => RaidArray.Read(linux.Paths))
    {
        ["Caption"] = a => $"{a.Name}: {a.Level}",
        ["Degraded"] = a => a.Degraded,
        ["Disks"] = a => a.Disks,
        ["Faulty"] = a => a.Members.Where(m => m.IsFaulty).Select(m => m.Name).ToArray(),
        ["Level"] = a => a.Level,
        ["Members"] = a => a.Members.Select(m => m.Name).ToArray(),
        ["MismatchCount"] = a => a.MismatchCount,
        ["Name"] = a => a.Name,
        ["Size"] = a => a.Size,
        ["State"] = a => a.State,
        ["SyncAction"] = a => a.SyncAction,
        ["SyncPercent"] = a => a.SyncPercent is { } percent ? percent : default(CimValue),
    };
}

using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_OperatingSystem: the kernel and the distribution.</summary>
internal static class LinuxOperatingSystem
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<HostFacts>(schema, "Linux_OperatingSystem", _ => [linux.Host])
    {
        ["BootId"] = _ => KernelText.Read(linux.Paths.Proc + "/sys/kernel/random/boot_id"),
        ["BootTime"] = h => new CimDateTime(h.BootTime),
        ["Caption"] = h => h.PrettyName,
        ["DistributionId"] = h => h.Id,
        ["HypervisorPresent"] = h => h.HypervisorPresent,
        ["KernelRelease"] = h => h.KernelRelease,
        ["KernelVersion"] = h => h.KernelBuild,
        ["LoadAverage1"] = _ => Load(linux, 0),
        ["LoadAverage5"] = _ => Load(linux, 1),
        ["LoadAverage15"] = _ => Load(linux, 2),
        ["MachineId"] = h => h.MachineId,
        ["PrettyName"] = h => h.PrettyName,

        // Debian's packages leave a mark there; its absence says something only where such packages could leave it.
        ["RebootRequired"] = _ => File.Exists(linux.Paths.Run + "/reboot-required"),
        ["SecurityModules"] = _ => KernelText.Read(linux.Paths.Sys + "/kernel/security/lsm")?.Split(','),
        ["Taint"] = _ => ulong.TryParse(KernelText.Read(linux.Paths.Proc + "/sys/kernel/tainted"), NumberStyles.None, CultureInfo.InvariantCulture, out var taint) ? taint : default(CimValue),
        ["VersionId"] = h => h.VersionId,
    };

    private static CimValue Load(LinuxSources linux, int at) =>
        KernelText.Read(linux.Paths.Proc + "/loadavg")?.Split(' ') is { Length: > 3 } fields && double.TryParse(fields[at], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : default(CimValue);
}

using Farwire.Cim.Classes;
using Farwire.Linux.Performance;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_PressureStall: how much work waited for processors, disks and memory.</summary>
internal static class LinuxPressureStall
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<PressureStall>(schema, "Linux_PressureStall", _ => PressureStall.Read(linux.Paths))
    {
        ["Average10"] = p => p.Average10,
        ["Average60"] = p => p.Average60,
        ["Average300"] = p => p.Average300,
        ["Caption"] = p => $"{p.Resource} {p.Kind}",
        ["Kind"] = p => p.Kind,
        ["Resource"] = p => p.Resource,
        ["Total"] = p => p.Total,
    };
}

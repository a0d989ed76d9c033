using Farwire.Cim.Classes;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_PageFileUsage: the swap areas in use, in MiB. The kernel does not keep the most that was ever used.</summary>
internal static class Win32PageFileUsage
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<SwapArea>(schema, "Win32_PageFileUsage", _ => SwapArea.Read(linux.Paths))
    {
        ["AllocatedBaseSize"] = s => (uint)(s.Size / 1024),
        ["Caption"] = s => s.Name,
        ["CurrentUsage"] = s => (uint)(s.Used / 1024),
        ["Description"] = s => s.Name,
        ["Name"] = s => s.Name,
        ["Status"] = _ => "OK",
        ["TempPageFile"] = _ => false,
    };
}

using Farwire.Cim.Classes;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_SystemDriver: the modules of the kernel that are loaded.</summary>
internal static class Win32SystemDriver
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<KernelModule>(schema, "Win32_SystemDriver", _ => KernelModule.Read(linux.Paths))
    {
        ["AcceptPause"] = _ => false,
        ["AcceptStop"] = m => m is { Uses: 0, State: "Live" },
        ["Caption"] = m => m.Name,
        ["Description"] = m => m.Name,
        ["DesktopInteract"] = _ => false,
        ["DisplayName"] = m => m.Name,
        ["ErrorControl"] = _ => "Normal",
        ["ExitCode"] = _ => 0u,
        ["Name"] = m => m.Name,
        ["ServiceSpecificExitCode"] = _ => 0u,
        ["ServiceType"] = _ => "Kernel Driver",
        ["Started"] = m => m.State == "Live",
        ["StartMode"] = _ => "Manual",
        ["State"] = m => m.State switch { "Live" => "Running", "Loading" => "Start Pending", _ => "Stop Pending" },
        ["Status"] = _ => "OK",
        ["TagId"] = _ => 0u,
    };
}

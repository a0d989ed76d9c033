using Farwire.Cim.Classes;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_ComputerSystemProduct: the computer as its maker sold it. What the firmware does not tell is empty; the UUID is then that of the installation.</summary>
internal static class Win32ComputerSystemProduct
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<HostFacts>(schema, "Win32_ComputerSystemProduct", _ => [linux.Host])
    {
        ["Caption"] = _ => "Computer System Product",
        ["Description"] = _ => "Computer System Product",
        ["IdentifyingNumber"] = h => h.Dmi("product_serial") ?? "",
        ["Name"] = h => h.Dmi("product_name") ?? "",
        ["SKUNumber"] = h => h.Dmi("product_sku"),
        ["UUID"] = h => h.Dmi("product_uuid")?.ToUpperInvariant() ?? (Guid.TryParse(h.MachineId, out var id) ? id.ToString().ToUpperInvariant() : null),
        ["Vendor"] = h => h.Dmi("sys_vendor") ?? "",
        ["Version"] = h => h.Dmi("product_version") ?? "",
    };
}

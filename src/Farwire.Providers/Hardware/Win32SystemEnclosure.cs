using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_SystemEnclosure: the box. Its types are the numbers of SMBIOS.</summary>
internal static class Win32SystemEnclosure
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<HostFacts>(schema, "Win32_SystemEnclosure", _ => [linux.Host])
    {
        ["Caption"] = _ => "System Enclosure",
        ["ChassisTypes"] = h => uint.TryParse(h.Dmi("chassis_type"), NumberStyles.None, CultureInfo.InvariantCulture, out var type) ? new[] { type } : default(CimValue),
        ["Description"] = _ => "System Enclosure",
        ["Manufacturer"] = h => h.Dmi("chassis_vendor") ?? "",
        ["Name"] = _ => "System Enclosure",
        ["SerialNumber"] = h => h.Dmi("chassis_serial") ?? "",
        ["SMBIOSAssetTag"] = h => h.Dmi("chassis_asset_tag") ?? "",
        ["Status"] = _ => "OK",
        ["Tag"] = _ => "System Enclosure 0",
        ["Version"] = h => h.Dmi("chassis_version") ?? "",
    };
}

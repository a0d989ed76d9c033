using Farwire.Cim.Classes;
using Farwire.Linux.Host;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_BaseBoard: the main board.</summary>
internal static class Win32BaseBoard
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<HostFacts>(schema, "Win32_BaseBoard", _ => [linux.Host])
    {
        ["Caption"] = _ => "Base Board",
        ["Description"] = _ => "Base Board",
        ["HostingBoard"] = _ => true,
        ["Manufacturer"] = h => h.Dmi("board_vendor") ?? "",
        ["Name"] = _ => "Base Board",
        ["PoweredOn"] = _ => true,
        ["Product"] = h => h.Dmi("board_name") ?? "",
        ["SerialNumber"] = h => h.Dmi("board_serial") ?? "",
        ["Status"] = _ => "OK",
        ["Tag"] = _ => "Base Board",
        ["Version"] = h => h.Dmi("board_version") ?? "",
    };
}

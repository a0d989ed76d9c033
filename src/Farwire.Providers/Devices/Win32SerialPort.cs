using Farwire.Cim.Classes;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Devices;

/// <summary>Win32_SerialPort: the ports with hardware behind them; of those that the kernel only has room for, none.</summary>
internal static class Win32SerialPort
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<SerialPort>(schema, "Win32_SerialPort", _ => SerialPort.Read(linux.Paths))
    {
        ["Caption"] = p => p.DeviceFile,
        ["Description"] = p => p.DeviceFile,
        ["DeviceID"] = p => p.DeviceFile,
        ["Name"] = p => p.DeviceFile,
        ["PNPDeviceID"] = p => p.Path,
        ["Status"] = _ => "OK",
    };
}

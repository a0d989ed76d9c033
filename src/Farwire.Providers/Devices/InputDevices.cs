using Farwire.Cim.Classes;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Devices;

/// <summary>Win32_Keyboard and Win32_PointingDevice: what the kernel takes input from.</summary>
internal static class InputDevices
{
    public static ICimProvider Keyboards(CimSchema schema, LinuxSources linux) => Over(schema, "Win32_Keyboard", linux, d => d.IsKeyboard);

    public static ICimProvider Pointers(CimSchema schema, LinuxSources linux) => Over(schema, "Win32_PointingDevice", linux, d => d.IsPointer);

    private static CimTable<InputDevice> Over(CimSchema schema, string className, LinuxSources linux, Func<InputDevice, bool> isOne) =>
        new(schema, className, _ => InputDevice.Read(linux.Paths).Where(isOne))
        {
            ["Caption"] = d => d.Name,
            ["Description"] = d => d.Name,
            ["DeviceID"] = d => d.Path,
            ["Name"] = d => d.Name,
            ["PNPDeviceID"] = d => d.Path,
            ["Status"] = _ => "OK",
        };
}

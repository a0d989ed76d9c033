using Farwire.Cim.Classes;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Devices;

/// <summary>The devices on PCI, USB and virtio: all of them as Win32_PnPEntity, and those of some kinds as classes of their own.</summary>
internal static class BusDevices
{
    public static IEnumerable<ICimProvider> Over(CimSchema schema, LinuxSources linux) =>
    [
        Table(schema, linux, "Win32_PnPEntity", _ => true),
        Table(schema, linux, "Win32_VideoController", d => IsPci(d, "03")),
        Table(schema, linux, "Win32_SoundDevice", d => IsPci(d, "0401", "0403")),
        Table(schema, linux, "Win32_USBController", d => IsPci(d, "0c03")),
        Table(schema, linux, "Win32_IDEController", d => IsPci(d, "0101", "0105", "0106")),
        Table(schema, linux, "Win32_SCSIController", d => IsPci(d, "0100", "0104", "0107", "0108")),
        Table(schema, linux, "Win32_USBHub", d => d is { Bus: "usb", ClassCode: "09" }),
    ];

    // The classes differ in what they have beside the common properties; a line is taken where there is a property for it.
    private static CimTable<BusDevice> Table(CimSchema schema, LinuxSources linux, string className, Func<BusDevice, bool> belongs)
    {
        var table = new CimTable<BusDevice>(schema, className, _ => linux.Devices.Read().Where(belongs))
        {
            Listen = static (changed, _) => Task.FromResult(DeviceSignals.Listen(changed)),
            ["Caption"] = d => d.Model,
            ["ConfigManagerErrorCode"] = d => d.Driver is null ? 28u : 0u, // 28: no driver
            ["ConfigManagerUserConfig"] = _ => false,
            ["Description"] = d => d.Model,
            ["DeviceID"] = d => d.Id,
            ["Name"] = d => d.Model,
            ["PNPDeviceID"] = d => d.Id,
            ["Status"] = d => d.Driver is null ? "Unknown" : "OK",
        };
        table.MapWhereKnown("Manufacturer", d => d.Vendor);
        table.MapWhereKnown("AdapterCompatibility", d => d.Vendor);
        table.MapWhereKnown("ProductName", d => d.Model);
        table.MapWhereKnown("VideoProcessor", d => d.Model);
        table.MapWhereKnown("Service", d => d.Driver);
        table.MapWhereKnown("DriverName", d => d.Driver);
        table.MapWhereKnown("InstalledDisplayDrivers", d => d.Driver);
        table.MapWhereKnown("Present", _ => true);
        table.MapWhereKnown("HardwareID", d => new[] { d.Id });
        return table;
    }

    private static bool IsPci(BusDevice device, params ReadOnlySpan<string> classes)
    {
        foreach (var code in classes)
        {
            if (device.Bus == "pci" && device.ClassCode?.StartsWith(code, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }
}

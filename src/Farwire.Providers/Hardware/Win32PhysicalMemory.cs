using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_PhysicalMemory: the modules of memory that the firmware knows. Empty slots are none.</summary>
/// <remarks>DSP0134, "Memory Device (Type 17)".</remarks>
internal static class Win32PhysicalMemory
{
    private const byte MemoryDevice = 17;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Row>(schema, "Win32_PhysicalMemory", _ => Read(linux))
        {
            ["BankLabel"] = r => r.Device.Text(0x11),
            ["Capacity"] = r => Capacity(r.Device),
            ["Caption"] = _ => "Physical Memory",
            ["ConfiguredClockSpeed"] = r => r.Device.Word(0x20) is > 0 and var speed ? (uint)speed : default(CimValue),
            ["ConfiguredVoltage"] = r => r.Device.Word(0x26) is > 0 and var millivolts ? (uint)millivolts : default(CimValue),
            ["DataWidth"] = r => Width(r.Device.Word(0x0A)),
            ["Description"] = _ => "Physical Memory",
            ["DeviceLocator"] = r => r.Device.Text(0x10),
            ["FormFactor"] = r => FormFactor(r.Device.Byte(0x0E)),
            ["Manufacturer"] = r => r.Device.Text(0x17),
            ["Name"] = _ => "Physical Memory",
            ["PartNumber"] = r => r.Device.Text(0x1A),
            ["SerialNumber"] = r => r.Device.Text(0x18),
            ["SMBIOSMemoryType"] = r => (uint)r.Device.Byte(0x12),
            ["Speed"] = r => r.Device.Word(0x15) is > 0 and var speed ? (uint)speed : default(CimValue),
            ["Tag"] = r => TagOf(r.Index),
            ["TotalWidth"] = r => Width(r.Device.Word(0x08)),
            ["TypeDetail"] = r => (uint)r.Device.Word(0x13),
        };

    /// <summary>The Tag of each module, and the handle of the array that it sits in.</summary>
    internal static IEnumerable<(string Tag, ushort Array)> Places(LinuxSources linux) => Read(linux).Select(r => (TagOf(r.Index), r.Device.Word(0x04)));

    private static IEnumerable<Row> Read(LinuxSources linux) =>
        FirmwareTable.Read(linux.Paths).Where(s => s.Type == MemoryDevice).Index().Where(s => Capacity(s.Item) > 0).Select(s => new Row(s.Item, s.Index));

    private static string TagOf(int index) => $"Physical Memory {index}";

    // The size is in MiB, with the highest bit set in KiB; 0xFFFF is unknown, 0x7FFF says that it stands in the field of later versions.
    private static ulong Capacity(FirmwareStructure device) => device.Word(0x0C) switch
    {
        0 or 0xFFFF => 0,
        0x7FFF => (ulong)(device.DoubleWord(0x1C) & 0x7FFFFFFF) << 20,
        var size when (size & 0x8000) != 0 => (ulong)(size & 0x7FFF) << 10,
        var size => (ulong)size << 20,
    };

    private static CimValue Width(ushort bits) => bits is 0 or 0xFFFF ? default(CimValue) : (uint)bits;

    // SMBIOS counts other than CIM: 9 is DIMM there and 8 here, 13 is SODIMM there and 12 here.
    private static CimValue FormFactor(byte form) => form switch
    {
        1 => 1u,
        3 => 7u,
        4 => 2u,
        6 => 3u,
        7 => 4u,
        8 => 6u,
        9 => 8u,
        10 => 9u,
        12 => 11u,
        13 => 12u,
        14 => 13u,
        _ => 0u,
    };

    private sealed record Row(FirmwareStructure Device, int Index);
}

using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware;

/// <summary>Win32_PhysicalMemoryArray: the places for modules of memory.</summary>
/// <remarks>DSP0134, "Physical Memory Array (Type 16)".</remarks>
internal static class Win32PhysicalMemoryArray
{
    private const byte MemoryArray = 16;
    private const uint Extended = 0x8000_0000;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Row>(schema, "Win32_PhysicalMemoryArray", _ => Read(linux))
        {
            ["Caption"] = _ => "Physical Memory Array",
            ["Description"] = _ => "Physical Memory Array",
            ["Location"] = r => (uint)r.Array.Byte(0x04), // counted as SMBIOS does
            ["MaxCapacity"] = r => KiB(r.Array) is <= uint.MaxValue and var kib ? (uint)kib : default(CimValue),
            ["MaxCapacityEx"] = r => KiB(r.Array),
            ["MemoryDevices"] = r => (uint)r.Array.Word(0x0D),
            ["MemoryErrorCorrection"] = r => (uint)r.Array.Byte(0x06),
            ["Name"] = _ => "Physical Memory Array",
            ["Tag"] = r => TagOf(r.Index),
            ["Use"] = r => (uint)r.Array.Byte(0x05),
        };

    /// <summary>The Tag of each array, and its handle.</summary>
    internal static IEnumerable<(string Tag, ushort Handle)> Handles(LinuxSources linux) => Read(linux).Select(r => (TagOf(r.Index), r.Array.Handle));

    private static IEnumerable<Row> Read(LinuxSources linux) =>
        FirmwareTable.Read(linux.Paths).Where(s => s.Type == MemoryArray).Index().Select(s => new Row(s.Item, s.Index));

    private static string TagOf(int index) => $"Physical Memory Array {index}";

    private static ulong KiB(FirmwareStructure array) => array.DoubleWord(0x07) is var kib && kib == Extended ? array.QuadWord(0x0F) / 1024 : kib;

    private sealed record Row(FirmwareStructure Array, int Index);
}

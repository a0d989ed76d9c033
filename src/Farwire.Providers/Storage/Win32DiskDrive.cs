using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_DiskDrive: the disks, named by their device files.</summary>
internal static class Win32DiskDrive
{
    private const uint RandomAccess = 3;
    private const uint Writing = 4;
    private const uint RemovableMedia = 7;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "Win32_DiskDrive", _ => Rows(linux.Blocks))
    {
        Listen = static (changed, _) => Task.FromResult(DeviceSignals.Listen(changed)),
        ["BytesPerSector"] = r => r.Disk.LogicalBlockBytes,
        ["Capabilities"] = r => new[] { RandomAccess, Writing, RemovableMedia }.Where(c => (c != Writing || !r.Disk.IsReadOnly) && (c != RemovableMedia || r.Disk.IsRemovable)).ToArray(),
        ["Caption"] = r => r.Disk.Model ?? r.Disk.DeviceFile,
        ["Description"] = _ => "Disk drive",
        ["DeviceID"] = r => r.Disk.DeviceFile,
        ["FirmwareRevision"] = r => r.Disk.Firmware,
        ["Index"] = r => (uint)r.Index,
        ["InterfaceType"] = r => InterfaceType(r.Disk.Bus),
        ["Manufacturer"] = r => r.Disk.Vendor,
        ["MediaLoaded"] = r => r.Disk.Size > 0,
        ["MediaType"] = r => r.Disk.IsRemovable ? "Removable media other than floppy" : "Fixed hard disk media",
        ["Model"] = r => r.Disk.Model,
        ["Name"] = r => r.Disk.DeviceFile,
        ["Partitions"] = r => (uint)r.Disk.Partitions().Count,
        ["PNPDeviceID"] = r => r.Disk.DevicePath,
        ["SerialNumber"] = r => r.Disk.Serial,
        ["Size"] = r => r.Disk.Size,
        ["Status"] = _ => "OK",
        ["TotalSectors"] = r => r.Disk.LogicalBlockBytes is > 0 and var bytes ? r.Disk.Size / bytes : default(CimValue),
    };

    /// <summary>The disks with their numbers, which partitions refer to.</summary>
    internal static IEnumerable<Row> Rows(BlockDeviceTable blocks) => blocks.Disks().Select((disk, index) => new Row(disk, index));

    // Windows has four words: what is not ATA, USB or FireWire is SCSI to it, NVMe and the disks of virtual machines too.
    private static string InterfaceType(string? bus) => bus switch
    {
        "ata" => "IDE",
        "usb" => "USB",
        "ieee1394" => "1394",
        _ => "SCSI",
    };

    internal sealed record Row(BlockDevice Disk, int Index);
}

using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>MSFT_Disk and MSFT_PhysicalDisk: the disks, once as the system sees them and once as things. The kernel does not judge their health.</summary>
internal static class MsftDisk
{
    private const uint HealthUnknown = 5;
    private const uint Ok = 2;
    private const uint Online = 0xD010;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Win32DiskDrive.Row>(schema, "MSFT_Disk", _ => Win32DiskDrive.Rows(linux.Blocks))
    {
        ["AllocatedSize"] = r => r.Disk.Partitions().Aggregate(0ul, (sum, p) => sum + p.Size),
        ["BusType"] = r => BusType(r.Disk.Bus),
        ["FirmwareVersion"] = r => r.Disk.Firmware,
        ["FriendlyName"] = r => r.Disk.Model ?? r.Disk.Name,
        ["HealthStatus"] = _ => HealthUnknown,
        ["IsOffline"] = _ => false,
        ["IsReadOnly"] = r => r.Disk.IsReadOnly,
        ["Location"] = r => r.Disk.DevicePath,
        ["LogicalSectorSize"] = r => r.Disk.LogicalBlockBytes,
        ["Manufacturer"] = r => r.Disk.Vendor,
        ["Model"] = r => r.Disk.Model,
        ["Number"] = r => (uint)r.Index,
        ["NumberOfPartitions"] = r => (uint)r.Disk.Partitions().Count,
        ["ObjectId"] = r => r.Disk.DeviceFile,
        ["OperationalStatus"] = _ => new[] { Online },
        ["PartitionStyle"] = r => r.Disk.TableType switch { "dos" => 1u, "gpt" => 2u, _ => 0u },
        ["Path"] = r => r.Disk.DeviceFile,
        ["SerialNumber"] = r => r.Disk.Serial,
        ["Size"] = r => r.Disk.Size,
        ["UniqueId"] = r => r.Disk.Serial ?? r.Disk.DeviceFile,
    };

    public static ICimProvider Physical(CimSchema schema, LinuxSources linux) => new CimTable<Win32DiskDrive.Row>(schema, "MSFT_PhysicalDisk", _ => Win32DiskDrive.Rows(linux.Blocks))
    {
        ["AllocatedSize"] = r => r.Disk.Partitions().Aggregate(0ul, (sum, p) => sum + p.Size),
        ["BusType"] = r => BusType(r.Disk.Bus),
        ["CanPool"] = _ => false,
        ["Description"] = r => r.Disk.DeviceFile,
        ["DeviceId"] = r => r.Index.ToString(CultureInfo.InvariantCulture),
        ["FirmwareVersion"] = r => r.Disk.Firmware,
        ["FriendlyName"] = r => r.Disk.Model ?? r.Disk.Name,
        ["HealthStatus"] = _ => HealthUnknown,
        ["LogicalSectorSize"] = r => r.Disk.LogicalBlockBytes is { } bytes ? (ulong)bytes : default(CimValue),
        ["Manufacturer"] = r => r.Disk.Vendor,
        ["MediaType"] = r => r.Disk.IsRotational switch { true => 3u, false => 4u, null => 0u },
        ["Model"] = r => r.Disk.Model,
        ["ObjectId"] = r => r.Disk.DeviceFile,
        ["OperationalStatus"] = _ => new[] { Ok },
        ["PhysicalLocation"] = r => r.Disk.DevicePath,
        ["SerialNumber"] = r => r.Disk.Serial,
        ["Size"] = r => r.Disk.Size,
        ["SpindleSpeed"] = r => r.Disk.IsRotational == false ? 0u : default(CimValue),
        ["UniqueId"] = r => r.Disk.Serial ?? r.Disk.DeviceFile,
    };

    // 1 SCSI, 3 ATA, 7 USB, 13 MMC, 14 virtual, 17 NVMe
    private static uint BusType(string? bus) => bus switch
    {
        "scsi" => 1,
        "ata" => 3,
        "usb" => 7,
        "mmc" => 13,
        "virtio" => 14,
        "nvme" => 17,
        _ => 0,
    };
}

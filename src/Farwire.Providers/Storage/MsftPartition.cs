using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>MSFT_Partition: the partitions, with the places where they are mounted.</summary>
internal static class MsftPartition
{
    private const uint Online = 1;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "MSFT_Partition", _ => Rows())
        {
            ["AccessPaths"] = r => r.MountPoints.Length > 0 ? r.MountPoints : default(CimValue),
            ["DiskId"] = r => r.Found.Partition.Disk!.DeviceFile,
            ["DiskNumber"] = r => (uint)r.Found.Disk,
            ["GptType"] = r => r.Found.Partition.Disk!.TableType == "gpt" && r.Found.Partition.PartitionType is { } type ? "{" + type + "}" : null,
            ["IsActive"] = r => r.Found.Partition is { Disk.TableType: "dos", PartitionFlags: "0x80" },
            ["IsBoot"] = r => r.MountPoints.Contains("/"),
            ["IsOffline"] = _ => false,
            ["IsReadOnly"] = r => r.Found.Partition.IsReadOnly,
            ["IsSystem"] = r => r.MountPoints.Any(p => p is "/boot" or "/boot/efi" or "/efi"),
            ["MbrType"] = r => r.Found.Partition.Disk!.TableType == "dos" && r.Found.Partition.PartitionType is ['0', 'x', .. var digits]
                && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var type) ? (uint)type : default(CimValue),
            ["ObjectId"] = r => r.Found.Partition.DeviceFile,
            ["Offset"] = r => r.Found.Partition.Start,
            ["OperationalStatus"] = _ => Online,
            ["PartitionNumber"] = r => r.Found.Partition.PartitionNumber,
            ["Size"] = r => r.Found.Partition.Size,
            ["UniqueId"] = r => r.Found.Partition.DeviceFile,
        };

        IEnumerable<Row> Rows()
        {
            var mounts = linux.Mounts.Read();
            return Win32DiskPartition.Rows(linux.Blocks).Select(p => new Row(p, [.. mounts.Where(m => m.Device == p.Partition.Numbers || m.Source == p.Partition.DeviceFile).Select(m => m.MountPoint)]));
        }
    }

    private sealed record Row(Win32DiskPartition.Row Found, string[] MountPoints);
}

using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_DiskPartition: the partitions of the disks, named by their device files.</summary>
internal static class Win32DiskPartition
{
    private const string EfiSystem = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Row>(schema, "Win32_DiskPartition", _ => Rows(linux.Blocks))
    {
        Listen = static (changed, _) => Task.FromResult(DeviceSignals.Listen(changed)),
        ["BlockSize"] = r => r.Partition.Disk!.LogicalBlockBytes is { } bytes ? (ulong)bytes : default(CimValue),
        ["Bootable"] = r => IsBootable(r.Partition),
        ["BootPartition"] = r => IsBootable(r.Partition),
        ["Caption"] = r => r.Partition.DeviceFile,
        ["Description"] = r => Type(r.Partition),
        ["DeviceID"] = r => r.Partition.DeviceFile,
        ["DiskIndex"] = r => (uint)r.Disk,
        ["Index"] = r => r.Partition.PartitionNumber is > 0 and var number ? number - 1 : default(CimValue),
        ["Name"] = r => r.Partition.DeviceFile,
        ["NumberOfBlocks"] = r => r.Partition.Disk!.LogicalBlockBytes is > 0 and var bytes ? r.Partition.Size / bytes : default(CimValue),
        ["PrimaryPartition"] = r => r.Partition.Disk!.TableType != "dos" || r.Partition.PartitionNumber <= 4,
        ["Size"] = r => r.Partition.Size,
        ["StartingOffset"] = r => r.Partition.Start,
        ["Type"] = r => Type(r.Partition),
    };

    internal static IEnumerable<Row> Rows(BlockDeviceTable blocks) => Win32DiskDrive.Rows(blocks).SelectMany(d => d.Disk.Partitions().Select(p => new Row(p, d.Index)));

    private static bool IsBootable(BlockDevice partition) => partition.PartitionType == EfiSystem || partition is { Disk.TableType: "dos", PartitionFlags: "0x80" };

    // As Windows writes them: GPT types with their table's name before them.
    private static string Type(BlockDevice partition) => (partition.Disk!.TableType, partition.PartitionType) switch
    {
        ("gpt", EfiSystem) => "GPT: System",
        ("gpt", "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7") => "GPT: Basic Data",
        ("gpt", "0fc63daf-8483-4772-8e79-3d69d8477de4") => "GPT: Linux Filesystem",
        ("gpt", "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f") => "GPT: Linux Swap",
        ("gpt", "e6d6d379-f507-44c2-a23c-238f2a3df928") => "GPT: Linux LVM",
        ("gpt", "a19d880f-05fc-4d3b-a006-743f0f84911e") => "GPT: Linux RAID",
        ("gpt", "21686148-6449-6e6f-744e-656564454649") => "GPT: BIOS Boot",
        ("gpt", var other) => "GPT: " + (other ?? "Unknown"),
        (_, "0x7") => "Installable File System",
        (_, "0x5" or "0xf" or "0x85") => "Extended Partition",
        (_, "0xc" or "0xb") => "MS-DOS V4 Huge",
        (_, "0x82") => "Linux Swap",
        (_, "0x83") => "Linux",
        (_, "0x8e") => "Linux LVM",
        (_, "0xfd") => "Linux RAID",
        _ => "Unknown",
    };

    internal sealed record Row(BlockDevice Partition, int Disk);
}

using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Storage;

/// <summary>A block device: a disk, a partition, or a device made from others.</summary>
/// <remarks>The kernel's "/sys/block"; udev(7). What is not there, or is not told, is null.</remarks>
public sealed class BlockDevice
{
    private const int SectorBytes = 512; // of sysfs, whatever the disk's own are

    // In this order: a USB disk speaks SCSI too.
    private static readonly string[] Buses = ["usb", "nvme", "virtio", "ata", "mmc", "scsi"];

    private readonly LinuxPaths _paths;
    private readonly string _folder;
    private IReadOnlyDictionary<string, string>? _udev;

    internal BlockDevice(LinuxPaths paths, string folder, BlockDevice? disk)
    {
        _paths = paths;
        _folder = folder;
        Disk = disk;
        Name = Path.GetFileName(folder).Replace('!', '/');
    }

    /// <summary>The kernel's name, such as <c>sda1</c>.</summary>
    public string Name { get; }

    /// <summary>The file through which programs use it.</summary>
    public string DeviceFile => "/dev/" + Name;

    /// <summary>The disk that a partition is part of; null for a disk.</summary>
    public BlockDevice? Disk { get; }

    /// <summary>The device's numbers, as <c>8:1</c>.</summary>
    public string Numbers => Text("dev") ?? "";

    /// <summary>Bytes.</summary>
    public ulong Size => (Number("size") ?? 0) * SectorBytes;

    /// <summary>Where a partition begins on its disk, in bytes.</summary>
    public ulong Start => (Number("start") ?? 0) * SectorBytes;

    /// <summary>A partition's number in the disk's table.</summary>
    public uint? PartitionNumber => (uint?)Number("partition");

    /// <summary>The smallest piece that can be written.</summary>
    public uint? LogicalBlockBytes => (uint?)Number("queue/logical_block_size");

    /// <summary>It has turning disks; false for solid state.</summary>
    public bool? IsRotational => Number("queue/rotational") switch { 0 => false, null => null, _ => true };

    /// <summary>The medium can be taken out.</summary>
    public bool IsRemovable => Number("removable") == 1;

    /// <summary>It cannot be written.</summary>
    public bool IsReadOnly => Number("ro") == 1;

    /// <summary>There is hardware behind it, a virtual machine's too.</summary>
    public bool IsHardware => Directory.Exists(_folder + "/device");

    /// <summary>The model.</summary>
    public string? Model => Udev("ID_MODEL_FROM_DATABASE") ?? Udev("ID_MODEL")?.Replace('_', ' ').Trim() ?? Text("device/model");

    /// <summary>The maker.</summary>
    public string? Vendor => Udev("ID_VENDOR")?.Replace('_', ' ').Trim() ?? Text("device/vendor");

    /// <summary>The serial number.</summary>
    public string? Serial => Udev("ID_SERIAL_SHORT") ?? Text("device/serial") ?? Text("serial");

    /// <summary>The firmware's version.</summary>
    public string? Firmware => Udev("ID_REVISION") ?? Text("device/rev") ?? Text("device/firmware_rev");

    /// <summary>What it is connected by: <c>ata</c>, <c>scsi</c>, <c>nvme</c>, <c>usb</c>, <c>mmc</c>, <c>virtio</c>; null when it is none of them.</summary>
    public string? Bus
    {
        get
        {
            if (Udev("ID_BUS") is { } bus)
            {
                return bus;
            }

            var device = Directory.Exists(_folder + "/device") ? Directory.ResolveLinkTarget(_folder, returnFinalTarget: true)?.FullName ?? "" : "";
            return Buses.FirstOrDefault(b => device.Contains("/" + b, StringComparison.Ordinal))
                ?? (Name.StartsWith("sd", StringComparison.Ordinal) ? "scsi" : null);
        }
    }

    /// <summary>Where the device sits, below <c>/sys</c>.</summary>
    public string? DevicePath => Directory.ResolveLinkTarget(_folder, returnFinalTarget: true) is { } target && target.FullName.StartsWith(_paths.Sys, StringComparison.Ordinal)
        ? target.FullName[_paths.Sys.Length..] : null;

    /// <summary>The disk's table of partitions: <c>gpt</c> or <c>dos</c>.</summary>
    public string? TableType => Udev("ID_PART_TABLE_TYPE");

    /// <summary>A partition's type: a GUID for gpt, a number for dos.</summary>
    public string? PartitionType => Udev("ID_PART_ENTRY_TYPE");

    /// <summary>A partition's name in a gpt.</summary>
    public string? PartitionName => Udev("ID_PART_ENTRY_NAME");

    /// <summary>The partition's flags in its table.</summary>
    public string? PartitionFlags => Udev("ID_PART_ENTRY_FLAGS");

    /// <summary>The id of the file system on it.</summary>
    public string? FileSystemId => Udev("ID_FS_UUID") ?? Links("by-uuid");

    /// <summary>The name of the file system on it.</summary>
    public string? FileSystemLabel => Udev("ID_FS_LABEL") ?? Links("by-label");

    /// <summary>The type of the file system on it.</summary>
    public string? FileSystemType => Udev("ID_FS_TYPE");

    /// <summary>What it has been doing.</summary>
    public BlockCounters? Counters => BlockCounters.Parse(Text("stat"));

    /// <summary>The partitions of a disk, in their order.</summary>
    public IReadOnlyList<BlockDevice> Partitions() => !Directory.Exists(_folder) ? [] :
    [
        .. Directory.EnumerateDirectories(_folder).Where(f => File.Exists(f + "/partition")).Select(f => new BlockDevice(_paths, f, this)).OrderBy(p => p.PartitionNumber),
    ];

    /// <summary>The names of the devices that this one is made from.</summary>
    public IReadOnlyList<string> Slaves() => Directory.Exists(_folder + "/slaves")
        ? [.. Directory.EnumerateFileSystemEntries(_folder + "/slaves").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : [];

    private string? Udev(string property) => (_udev ??= UdevDatabase.Read(_paths, "b" + Numbers)).GetValueOrDefault(property) is { Length: > 0 } value ? value : null;

    // Where udev does not run, the links that others made may be there.
    private string? Links(string kind)
    {
        var folder = "/dev/disk/" + kind;
        return !Directory.Exists(folder) ? null : Directory.EnumerateFiles(folder)
            .Where(f => Path.GetFileName(File.ResolveLinkTarget(f, returnFinalTarget: true)?.FullName) == Name).Select(f => Path.GetFileName(f)).FirstOrDefault();
    }

    private string? Text(string file) => ProcFile.ReadText($"{_folder}/{file}")?.Trim() is { Length: > 0 } text ? text : null;

    private ulong? Number(string file) => ulong.TryParse(Text(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What a block device has done since it was there.</summary>
/// <param name="Reads">Reads that ended.</param>
/// <param name="ReadBytes">Bytes read.</param>
/// <param name="ReadTime">Milliseconds that reads took, each for itself.</param>
/// <param name="Writes">Writes that ended.</param>
/// <param name="WrittenBytes">Bytes written.</param>
/// <param name="WriteTime">Milliseconds that writes took, each for itself.</param>
/// <param name="InFlight">Operations that run now.</param>
/// <param name="BusyTime">Milliseconds in which at least one operation ran.</param>
/// <param name="QueueTime">Milliseconds, each counted as often as operations ran in it.</param>
/// <remarks>The kernel's "Block layer statistics in /sys/block/dev/stat".</remarks>
public sealed record BlockCounters(
    ulong Reads, ulong ReadBytes, ulong ReadTime, ulong Writes, ulong WrittenBytes, ulong WriteTime, ulong InFlight, ulong BusyTime, ulong QueueTime)
{
    internal static BlockCounters? Parse(string? stat)
    {
        var fields = (stat ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 11)
        {
            return null;
        }

        ulong Field(int at) => ulong.TryParse(fields[at], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
        return new BlockCounters(Field(0), Field(2) * 512, Field(3), Field(4), Field(6) * 512, Field(7), Field(8), Field(9), Field(10));
    }

    /// <summary>Both together.</summary>
    public static BlockCounters operator +(BlockCounters a, BlockCounters b) => new(
        a.Reads + b.Reads, a.ReadBytes + b.ReadBytes, a.ReadTime + b.ReadTime, a.Writes + b.Writes, a.WrittenBytes + b.WrittenBytes,
        a.WriteTime + b.WriteTime, a.InFlight + b.InFlight, a.BusyTime + b.BusyTime, a.QueueTime + b.QueueTime);

    /// <summary>Both together.</summary>
    public static BlockCounters Add(BlockCounters left, BlockCounters right) => left + right;
}

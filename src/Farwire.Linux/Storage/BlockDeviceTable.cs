using Farwire.Linux.Files;

namespace Farwire.Linux.Storage;

/// <summary>The block devices of the system.</summary>
/// <remarks>The kernel's "/sys/block".</remarks>
public sealed class BlockDeviceTable(LinuxPaths paths)
{
    private const int MaxDevices = 20_000;

    private readonly string _root = paths.Sys + "/block";

    /// <summary>All of them: disks and those made from others; no partitions.</summary>
    public IReadOnlyList<BlockDevice> Read() => !Directory.Exists(_root) ? [] :
    [
        .. Directory.EnumerateFileSystemEntries(_root).Order(StringComparer.Ordinal).Take(MaxDevices).Select(f => new BlockDevice(paths, f, null)),
    ];

    /// <summary>The disks: those with hardware behind them, and a medium in it. CD-ROM drives are none.</summary>
    public IReadOnlyList<BlockDevice> Disks() =>
        [.. Read().Where(d => d.IsHardware && d.Size > 0 && !d.Name.StartsWith("sr", StringComparison.Ordinal) && !d.Name.StartsWith("fd", StringComparison.Ordinal))];

    /// <summary>The device of these numbers, a partition too; null when there is none.</summary>
    public BlockDevice? Find(string numbers) => Read().SelectMany(d => d.Partitions().Prepend(d)).FirstOrDefault(d => d.Numbers == numbers);
}

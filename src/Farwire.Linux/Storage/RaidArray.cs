using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Storage;

/// <summary>Disks that the kernel makes one device of.</summary>
/// <remarks>The kernel's "RAID arrays", "MD devices in sysfs".</remarks>
public sealed class RaidArray
{
    private const ulong SectorBytes = 512;

    private readonly string _folder;

    private RaidArray(string folder)
    {
        _folder = folder;
        Name = Path.GetFileName(folder);
    }

    /// <summary>The device's name, such as <c>md0</c>.</summary>
    public string Name { get; }

    /// <summary><c>raid1</c>, <c>raid5</c> …</summary>
    public string? Level => Text("md/level");

    /// <summary><c>clean</c>, <c>active</c>, <c>inactive</c> …</summary>
    public string? State => Text("md/array_state");

    /// <summary>Bytes.</summary>
    public ulong Size => (Number("size") ?? 0) * SectorBytes;

    /// <summary>How many disks it is to have.</summary>
    public uint? Disks => (uint?)Number("md/raid_disks");

    /// <summary>How many of them are missing; null for a level without redundancy.</summary>
    public uint? Degraded => (uint?)Number("md/degraded");

    /// <summary>What goes on: <c>idle</c>, <c>resync</c>, <c>recover</c>, <c>check</c> …; null for a level without redundancy.</summary>
    public string? SyncAction => Text("md/sync_action");

    /// <summary>How far that is; null when nothing goes on.</summary>
    public double? SyncPercent => Text("md/sync_completed")?.Split('/', StringSplitOptions.TrimEntries) is [var done, var all]
        && ulong.TryParse(done, NumberStyles.None, CultureInfo.InvariantCulture, out var part) && ulong.TryParse(all, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole > 0
            ? Math.Round(100.0 * part / whole, 1) : null;

    /// <summary>Blocks that differed at the last check.</summary>
    public ulong? MismatchCount => Number("md/mismatch_cnt");

    /// <summary>The devices that are in it, and whether they failed.</summary>
    public IReadOnlyList<(string Name, bool IsFaulty)> Members => [.. Directory.EnumerateDirectories(_folder + "/md", "dev-*").Order(StringComparer.Ordinal)
        .Select(member => (Path.GetFileName(member)[4..], KernelText.Read(member + "/state")?.Split(',').Contains("faulty") == true))];

    /// <summary>The arrays now.</summary>
    public static IEnumerable<RaidArray> Read(LinuxPaths paths)
    {
        var root = paths.Sys + "/block";
        return !Directory.Exists(root) ? [] : Directory.EnumerateFileSystemEntries(root).Order(StringComparer.Ordinal).Where(d => Directory.Exists(d + "/md")).Select(d => new RaidArray(d));
    }

    private string? Text(string file) => KernelText.Read($"{_folder}/{file}");

    private ulong? Number(string file) => ulong.TryParse(Text(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Storage;

/// <summary>An area that memory is swapped to, in KiB.</summary>
/// <remarks>proc(5), "/proc/swaps".</remarks>
public sealed record SwapArea(string Name, bool IsFile, ulong Size, ulong Used)
{
    /// <summary>The areas now.</summary>
    public static IReadOnlyList<SwapArea> Read(LinuxPaths paths)
    {
        var areas = new List<SwapArea>();
        foreach (var line in (ProcFile.ReadText(paths.Proc + "/swaps") ?? "").Split('\n').Skip(1))
        {
            if (line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [var name, var type, var size, var used, ..]
                && ulong.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
                && ulong.TryParse(used, NumberStyles.None, CultureInfo.InvariantCulture, out var usedKib))
            {
                areas.Add(new SwapArea(OctalText.Decode(name), type == "file", kib, usedKib));
            }
        }

        return areas;
    }

    /// <summary>The areas that are switched on at boot: what they are, as fstab(5) names them.</summary>
    public static IReadOnlyList<string> Configured(LinuxPaths paths) =>
    [
        .. (ProcFile.ReadText(paths.Etc + "/fstab") ?? "").Split('\n')
            .Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f is [var what, _, "swap", ..] && !what.StartsWith('#')).Select(f => OctalText.Decode(f[0])),
    ];
}

using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Devices;

/// <summary>Something that people type on or point with.</summary>
/// <param name="Name">As it calls itself.</param>
/// <param name="Path">Where it sits, below <c>/sys</c>.</param>
/// <param name="IsKeyboard">It has keys that repeat: what has a few buttons only is none.</param>
/// <param name="IsPointer">It moves the pointer.</param>
/// <remarks>The kernel's <c>/proc/bus/input/devices</c>.</remarks>
public sealed record InputDevice(string Name, string Path, bool IsKeyboard, bool IsPointer)
{
    private const ulong Repeats = 1ul << 0x14; // EV_REP

    /// <summary>Reads all of them.</summary>
    public static IEnumerable<InputDevice> Read(LinuxPaths paths)
    {
        foreach (var block in (ProcFile.ReadText(paths.Proc + "/bus/input/devices") ?? "").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n', StringSplitOptions.TrimEntries);
            var handlers = Value(lines, "H: Handlers=").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var events = ulong.TryParse(Value(lines, "B: EV="), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) ? bits : 0;
            yield return new InputDevice(
                Value(lines, "N: Name=").Trim('"'), Value(lines, "S: Sysfs="),
                handlers.Contains("kbd") && (events & Repeats) != 0, Array.Exists(handlers, h => h.StartsWith("mouse", StringComparison.Ordinal)));
        }
    }

    private static string Value(string[] lines, string prefix) => Array.Find(lines, l => l.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..] ?? "";
}

using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Network;

/// <summary>The hardware behind network interfaces.</summary>
/// <remarks>The kernel's "/sys/class/net"; udev(7) for names from its hardware database.</remarks>
public sealed class LinkDevices(LinuxPaths paths)
{
    /// <summary>There is hardware behind it.</summary>
    public bool IsPhysical(string name) => Directory.Exists($"{Folder(name)}/device");

    /// <summary>It works without wires.</summary>
    public bool IsWireless(string name) => Directory.Exists($"{Folder(name)}/wireless") || Directory.Exists($"{Folder(name)}/phy80211");

    /// <summary>The speed it runs at; null when it has none now.</summary>
    public ulong? BitsPerSecond(string name) =>
        long.TryParse(ProcFile.ReadText($"{Folder(name)}/speed"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var megabits) && megabits > 0
            ? (ulong)megabits * 1_000_000 : null;

    /// <summary>The driver's name.</summary>
    public string? Driver(string name) => LinkName($"{Folder(name)}/device/driver");

    /// <summary>Where the device sits, below <c>/sys</c>.</summary>
    public string? Path(string name)
    {
        var device = $"{Folder(name)}/device";
        return Directory.Exists(device) ? Directory.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName[paths.Sys.Length..] : null;
    }

    /// <summary>The device's model, where udev knows it.</summary>
    public string? Model(string name) => Property(name, "ID_MODEL_FROM_DATABASE") ?? Property(name, "ID_MODEL");

    /// <summary>The device's maker, where udev knows it.</summary>
    public string? Vendor(string name) => Property(name, "ID_VENDOR_FROM_DATABASE") ?? Property(name, "ID_VENDOR");

    private string Folder(string name) => $"{paths.Sys}/class/net/{name}";

    private string? Property(string name, string property) =>
        ProcFile.ReadText($"{Folder(name)}/ifindex") is { } index ? UdevDatabase.Read(paths, "n" + index).GetValueOrDefault(property) : null;

    private static string? LinkName(string path) => Directory.Exists(path) ? System.IO.Path.GetFileName(Directory.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName) : null;
}

using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>A setting of the kernel.</summary>
/// <param name="Name">With dots, such as <c>net.ipv4.ip_forward</c>; a dot in a name of the kernel is a slash here.</param>
/// <param name="Path">Its file.</param>
/// <remarks>sysctl(8), proc(5) "/proc/sys".</remarks>
public sealed record KernelSetting(string Name, string Path)
{
    /// <summary>The value now; null when it cannot be read, or not by us.</summary>
    public string? Value => KernelText.Read(Path);

    /// <summary>All settings.</summary>
    public static IEnumerable<KernelSetting> Read(LinuxPaths paths)
    {
        var root = paths.Proc + "/sys";
        return !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, "*", Everything).Order(StringComparer.Ordinal).Select(file => new KernelSetting(NameOf(file[(root.Length + 1)..]), file));
    }

    /// <summary>The setting of this name; null when there is none.</summary>
    public static KernelSetting? Find(LinuxPaths paths, string name)
    {
        var path = $"{paths.Proc}/sys/{NameOf(name)}";
        return name.Contains("..", StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) || !File.Exists(path) ? null : new KernelSetting(name, path);
    }

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };

    // Both ways: dots become slashes and slashes dots.
    private static string NameOf(string path) => string.Create(path.Length, path, static (name, path) =>
    {
        for (var i = 0; i < path.Length; i++)
        {
            name[i] = path[i] switch { '/' => '.', '.' => '/', var other => other };
        }
    });
}

using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Performance;

/// <summary>A control group of version 2. Numbers of controllers that are off there are null; so are limits that are none.</summary>
/// <remarks>The kernel's "Control Group v2".</remarks>
public sealed class ControlGroup
{
    private const int MaxGroups = 50_000;

    private static readonly string[] Places = ["/fs/cgroup", "/fs/cgroup/unified"];

    private readonly string _folder;

    private ControlGroup(string folder, string path)
    {
        _folder = folder;
        Path = path;
    }

    /// <summary>From the topmost group on.</summary>
    public string Path { get; }

    /// <summary>Bytes in use.</summary>
    public ulong? MemoryCurrent => Number("memory.current");

    /// <summary>The most bytes.</summary>
    public ulong? MemoryMax => Number("memory.max");

    /// <summary>Microseconds of processor time.</summary>
    public ulong? CpuUsage => KernelText.Read(_folder + "/cpu.stat")?.Split('\n')[0] is { } first && first.StartsWith("usage_usec ", StringComparison.Ordinal)
        && ulong.TryParse(first.AsSpan(11), NumberStyles.None, CultureInfo.InvariantCulture, out var micros) ? micros : null;

    /// <summary>Processes and threads.</summary>
    public ulong? Processes => Number("pids.current");

    /// <summary>The most of them.</summary>
    public ulong? ProcessesMax => Number("pids.max");

    /// <summary>All groups now; none where version 2 is not mounted.</summary>
    public static IEnumerable<ControlGroup> Read(LinuxPaths paths)
    {
        var root = Places.Select(f => paths.Sys + f).FirstOrDefault(f => File.Exists(f + "/cgroup.controllers"));
        if (root is null)
        {
            yield break;
        }

        var count = 0;
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder) && count++ < MaxGroups)
        {
            yield return new ControlGroup(folder, folder.Length == root.Length ? "/" : folder[root.Length..]);
            try
            {
                foreach (var child in Directory.EnumerateDirectories(folder).OrderDescending(StringComparer.Ordinal))
                {
                    folders.Push(child);
                }
            }
            catch (DirectoryNotFoundException)
            {
                // It was removed meanwhile.
            }
        }
    }

    private ulong? Number(string file) => ulong.TryParse(KernelText.Read($"{_folder}/{file}"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Globalization;

namespace Farwire.Processes.Limits;

/// <summary>The control groups that this process may make: one folder for it, in it one for every group of programs, in that one for every program.</summary>
/// <remarks>
/// cgroups(7), "Cgroups version 2". Limits need the controllers <c>memory</c> and <c>pids</c>, which a system may keep for itself; to end all members at
/// once needs none (cgroup.kill, Linux 5.14).
/// </remarks>
internal sealed class ControlGroups
{
    public const string Members = "cgroup.procs";
    public const string Kill = "cgroup.kill";
    private const string Children = "cgroup.subtree_control";
    private const int MaxIds = 4 * 1024 * 1024; // PID_MAX_LIMIT: the kernel takes no more
    private const string Prefix = "farwire-";

    private static readonly Lazy<ControlGroups?> Own = new(() => Find(File.ReadAllLines("/proc/self/mountinfo"), File.ReadAllLines("/proc/self/cgroup")) is { } parent ? TryOpen(parent) : null);

    private readonly string _folder;
    private readonly Lock _lock = new();

    private ControlGroups(string folder) => _folder = folder;

    /// <summary>Those of this process; null where the system has none that it may write.</summary>
    public static ControlGroups? OfThisProcess => OperatingSystem.IsLinux() ? Own.Value : null;

    /// <summary>The kernel keeps to the memory of a group.</summary>
    public bool LimitsMemory { get; private set; }

    /// <summary>The kernel keeps to the number of processes of a group.</summary>
    public bool LimitsProcesses { get; private set; }

    /// <summary>Makes the group of one program.</summary>
    public ControlGroup Make(ProgramGroup group, string program)
    {
        lock (_lock)
        {
            if (!Directory.Exists(_folder))
            {
                Directory.CreateDirectory(_folder);
                Enable(_folder);
            }

            var folder = Path.Combine(_folder, group.Name);
            Directory.CreateDirectory(folder);
            Limit(folder, "pids.max", Math.Min(group.MaxProcesses, MaxIds));
            Limit(folder, "memory.max", group.MaxMemoryBytes);
            var own = Path.Combine(folder, program);
            Directory.CreateDirectory(own);
            return new ControlGroup(this, own);
        }
    }

    /// <summary>Removes the group of a program, and what is empty above it. False while it has members.</summary>
    public bool TryRemove(string folder)
    {
        lock (_lock)
        {
            for (var at = folder; at.Length >= _folder.Length; at = Path.GetDirectoryName(at)!)
            {
                try
                {
                    Directory.Delete(at);
                }
                catch (DirectoryNotFoundException)
                {
                    // Removed before.
                }
                catch (IOException)
                {
                    return at != folder; // others are still in the ones above
                }
            }

            return true;
        }
    }

    /// <summary>Groups below <paramref name="parent"/>; null when they cannot be made there.</summary>
    public static ControlGroups? TryOpen(string parent)
    {
        var groups = new ControlGroups(Path.Combine(parent, Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        try
        {
            // Whoever moves a process must be allowed to take it out of where it is.
            using var from = new FileStream(Path.Combine(parent, Members), FileMode.Open, FileAccess.Write);
            Enable(parent);
            Directory.CreateDirectory(groups._folder);
            Enable(groups._folder);
            var probe = Path.Combine(groups._folder, "probe");
            Directory.CreateDirectory(probe);
            (groups.LimitsMemory, groups.LimitsProcesses) = (File.Exists(Path.Combine(probe, "memory.max")), File.Exists(Path.Combine(probe, "pids.max")));
            var works = File.Exists(Path.Combine(probe, Kill));
            groups.TryRemove(probe);
            return works ? groups : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a process may make groups: in its own one, or, when that is a leaf made for it in a delegated one, beside itself.</summary>
    internal static string? Find(IEnumerable<string> mounts, IEnumerable<string> memberships)
    {
        // 41 20 0:38 /root /mount/point rw … - cgroup2 cgroup2 rw
        var mount = mounts.Select(line => line.Split(' ')).FirstOrDefault(words => words.Contains("cgroup2") && Array.IndexOf(words, "-") is > 4 and var dash && words[dash + 1] == "cgroup2");
        var path = memberships.FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..];
        if (mount is null || path is null)
        {
            return null;
        }

        // Seen from a container the mount may begin below the hierarchy's root.
        path = mount[3] != "/" && path.StartsWith(mount[3], StringComparison.Ordinal) ? path[mount[3].Length..] : path;
        var leaf = Path.GetFileName(path);
        var isOwnLeaf = leaf.Length > 0 && Path.GetDirectoryName(path) is { Length: > 1 } && !leaf.Contains('.', StringComparison.Ordinal);
        return mount[4] + (isOwnLeaf ? Path.GetDirectoryName(path) : path.TrimEnd('/'));
    }

    // Each for itself: a system that keeps one for itself may give the other.
    private static void Enable(string folder)
    {
        foreach (var controller in (string[])["+memory", "+pids"])
        {
            try
            {
                File.WriteAllText(Path.Combine(folder, Children), controller);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not to be had here; TryOpen looks what there is, and the watcher of the shells does the rest.
            }
        }
    }

    private static void Limit(string folder, string file, long limit)
    {
        var path = Path.Combine(folder, file);
        if (limit > 0 && File.Exists(path))
        {
            File.WriteAllText(path, limit.ToString(CultureInfo.InvariantCulture));
        }
    }
}

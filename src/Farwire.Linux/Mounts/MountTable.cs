using System.Runtime.CompilerServices;
using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Mounts;

/// <summary>The mounted file systems that hold files of their own; those of the kernel are left out.</summary>
/// <remarks>proc(5), "/proc/pid/mountinfo".</remarks>
public sealed class MountTable(LinuxPaths paths)
{
    private const int MaxMounts = 10_000;

    private static readonly HashSet<string> Network = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "fuse.sshfs", "afs"];
    private static readonly HashSet<string> Optical = ["iso9660", "udf"];
    private static readonly HashSet<string> Kernel =
    [
        "proc", "sysfs", "devtmpfs", "devpts", "securityfs", "cgroup", "cgroup2", "pstore", "bpf", "debugfs", "tracefs", "hugetlbfs", "mqueue",
        "configfs", "fusectl", "autofs", "rpc_pipefs", "binfmt_misc", "efivarfs", "nsfs", "selinuxfs", "fuse.gvfsd-fuse", "fuse.portal", "ramfs", "nfsd",
    ];

    /// <summary>Reads the table now. Of several mounts on one point the last one counts.</summary>
    public IReadOnlyList<Mount> Read()
    {
        var mounts = new Dictionary<string, Mount>(StringComparer.Ordinal);
        foreach (var line in (ProcFile.ReadText(paths.Proc + "/self/mountinfo", 4 * 1024 * 1024) ?? "").Split('\n').Take(MaxMounts))
        {
            // id parent major:minor root mountpoint options [fields…] - type source superoptions
            var dash = line.IndexOf(" - ", StringComparison.Ordinal);
            if (dash < 0 || line[..dash].Split(' ') is not [_, _, var device, _, var point, var options, ..] || line[(dash + 3)..].Split(' ') is not [var type, var source, ..])
            {
                continue;
            }

            point = Unescape(point);
            if (Kernel.Contains(type) || (type == "tmpfs" && IsInfrastructure(point)))
            {
                mounts.Remove(point);
                continue;
            }

            // A file mounted upon a file, as containers do, is not a place for files.
            if (!Directory.Exists(point))
            {
                continue;
            }

            var kind = Network.Contains(type) ? MountKind.Network : Optical.Contains(type) ? MountKind.Optical : type == "tmpfs" ? MountKind.Memory : MountKind.Local;
            mounts[point] = new Mount(point, Unescape(source), type, kind, options.Split(',').Contains("ro"), device);
        }

        return [.. mounts.Values];
    }

    /// <summary>The table, with sizes where they are wanted. All file systems are asked at once: one that is slow holds up no other.</summary>
    public async IAsyncEnumerable<Mount> ReadAsync(bool withSpace, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mounts = Read().Select(m => (Mount: m, Space: withSpace ? MountSpace.ReadAsync(m, time, cancellationToken).AsTask() : null)).ToList();
        foreach (var (mount, space) in mounts)
        {
            yield return space is null ? mount : mount with { Space = await space.ConfigureAwait(false) };
        }
    }

    private static bool IsInfrastructure(string point) =>
        point.StartsWith("/run", StringComparison.Ordinal) || point.StartsWith("/dev", StringComparison.Ordinal) || point.StartsWith("/sys", StringComparison.Ordinal);

    // Blank, tab, newline and backslash are written as \ooo.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}

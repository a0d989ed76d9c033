using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Mounts;

/// <summary>What kind of place a file system lives on.</summary>
public enum MountKind
{
    /// <summary>A disk of this machine.</summary>
    Local,

    /// <summary>Another machine.</summary>
    Network,

    /// <summary>A CD or DVD.</summary>
    Optical,

    /// <summary>Memory.</summary>
    Memory,
}

/// <summary>A mounted file system.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Source">The device or the remote place.</param>
/// <param name="FileSystem">Its type, such as <c>ext4</c>.</param>
/// <param name="Kind">Where it lives.</param>
/// <param name="IsReadOnly">It cannot be written.</param>
public sealed record Mount(string MountPoint, string Source, string FileSystem, MountKind Kind, bool IsReadOnly)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Size and free space in bytes; null when the file system does not answer: a dead network share hangs.</summary>
    public (ulong Size, ulong Free)? Space()
    {
        var asked = Task.Run(() =>
        {
            var drive = new DriveInfo(MountPoint);
            return ((ulong)drive.TotalSize, (ulong)drive.TotalFreeSpace);
        });
        try
        {
            return asked.Wait(Patience) ? asked.Result : null;
        }
        catch (AggregateException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

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
            if (dash < 0 || line[..dash].Split(' ') is not [_, _, _, _, var point, var options, ..] || line[(dash + 3)..].Split(' ') is not [var type, var source, ..])
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
            mounts[point] = new Mount(point, Unescape(source), type, kind, options.Split(',').Contains("ro"));
        }

        return [.. mounts.Values];
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

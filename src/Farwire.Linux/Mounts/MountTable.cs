using System.Runtime.CompilerServices;
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
            if (dash < 0 || line[..dash].Split(' ') is not [_, _, var device, _, var point, var options, ..] || line[(dash + 3)..].Split(' ') is not [var type, var source, .. var super])
            {
                continue;
            }

            point = OctalText.Decode(point);
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
            mounts[point] = new Mount(point, OctalText.Decode(source), type, kind, options.Split(',').Contains("ro"), device)
            {
                FileSystemOptions = super is [var own, ..] ? own.Split(',') : [],
            };
        }

        return [.. mounts.Values];
    }

    /// <summary>The table, with sizes where they are wanted. All file systems are asked at once: one that is slow holds up no other.</summary>
    public IAsyncEnumerable<Mount> ReadAsync(bool withSpace, TimeProvider time, CancellationToken cancellationToken) =>
        ReadAsync(_ => true, withSpace, time, cancellationToken);

    /// <summary>Those of the table that are wanted.</summary>
    public async IAsyncEnumerable<Mount> ReadAsync(
        Func<Mount, bool> wanted, bool withSpace, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mounts = Read().Where(wanted).Select(m => (Mount: m, Space: withSpace ? MountSpace.ReadAsync(m, time, cancellationToken).AsTask() : null)).ToList();
        foreach (var (mount, space) in mounts)
        {
            yield return space is null ? mount : mount with { Space = await space.ConfigureAwait(false) };
        }
    }

    private static bool IsInfrastructure(string point) =>
        point.StartsWith("/run", StringComparison.Ordinal) || point.StartsWith("/dev", StringComparison.Ordinal) || point.StartsWith("/sys", StringComparison.Ordinal);
}

using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_MountPoint: the mounted file systems with their options.</summary>
internal static class LinuxMountPoint
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Mount>(schema, "Linux_MountPoint", (need, cancellationToken) =>
        linux.Mounts.ReadAsync(need.Needs("Size", "Free"), linux.Time, cancellationToken))
    {
        ["Caption"] = m => $"{m.Source} on {m.MountPoint}",
        ["FileSystem"] = m => m.FileSystem,
        ["Free"] = m => m.Space?.Free,
        ["MountPoint"] = m => m.MountPoint,
        ["Options"] = m => m.FileSystemOptions.Count > 0 ? m.FileSystemOptions.ToArray() : default(CimValue),
        ["ReadOnly"] = m => m.IsReadOnly,
        ["Size"] = m => m.Space?.Size,
        ["Source"] = m => m.Source,
    };
}

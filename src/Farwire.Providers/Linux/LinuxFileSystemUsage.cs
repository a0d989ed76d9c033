using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_FileSystemUsage: room and inodes of the mounted file systems; NULL where one does not answer in time.</summary>
internal static class LinuxFileSystemUsage
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Mount>(schema, "Linux_FileSystemUsage", (need, cancellationToken) =>
        linux.Mounts.ReadAsync(need.Needs("Size", "Free", "Available", "Files", "FreeFiles"), linux.Time, cancellationToken))
    {
        ["Available"] = m => m.Space?.Available,
        ["Caption"] = m => m.MountPoint,
        ["FileSystem"] = m => m.FileSystem,
        ["Files"] = m => m.Space?.Files,
        ["Free"] = m => m.Space?.Free,
        ["FreeFiles"] = m => m.Space?.FreeFiles,
        ["MountPoint"] = m => m.MountPoint,
        ["Size"] = m => m.Space?.Size,
    };
}

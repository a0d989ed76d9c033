using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_LogicalDisk: the mounted file systems, named by where they are mounted.</summary>
internal static class Win32LogicalDisk
{
    private const uint FixedMedia = 12;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<Mount>(schema, "Win32_LogicalDisk", (need, cancellationToken) =>
            linux.Mounts.ReadAsync(need.Needs("Size", "FreeSpace", "BlockSize", "NumberOfBlocks", "MaximumComponentLength"), linux.Time, cancellationToken))
        {
            ["Access"] = m => m.IsReadOnly ? 1u : 3u,
            ["BlockSize"] = m => m.Space?.BlockSize,
            ["Caption"] = m => m.MountPoint,
            ["Compressed"] = _ => false,
            ["Description"] = m => m.Kind switch
            {
                MountKind.Network => "Network Connection",
                MountKind.Optical => "CD-ROM Disc",
                MountKind.Memory => "RAM Disk",
                _ => "Local Fixed Disk",
            },
            ["DeviceID"] = m => m.MountPoint,
            ["DriveType"] = m => DriveType(m.Kind),
            ["FileSystem"] = m => m.FileSystem,
            ["FreeSpace"] = m => m.Space?.Free,
            ["MaximumComponentLength"] = m => m.Space?.NameLength,
            ["MediaType"] = m => m.Kind == MountKind.Local ? FixedMedia : default(CimValue),
            ["Name"] = m => m.MountPoint,
            ["NumberOfBlocks"] = m => m.Space is { BlockSize: > 0 } space ? space.Size / space.BlockSize : default(CimValue),
            ["ProviderName"] = m => m.Kind == MountKind.Network ? m.Source : null,
            ["Size"] = m => m.Space?.Size,
        };

    internal static uint DriveType(MountKind kind) => kind switch
    {
        MountKind.Network => 4,
        MountKind.Optical => 5,
        MountKind.Memory => 6,
        _ => 3,
    };
}

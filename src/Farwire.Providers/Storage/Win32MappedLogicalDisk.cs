using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_MappedLogicalDisk: file systems of other machines that are mounted here, for all sessions at once.</summary>
internal static class Win32MappedLogicalDisk
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) => new CimTable<Mount>(schema, "Win32_MappedLogicalDisk", (need, cancellationToken) =>
        linux.Mounts.ReadAsync(m => m.Kind == MountKind.Network, need.Needs("Size", "FreeSpace", "BlockSize", "NumberOfBlocks", "MaximumComponentLength"), linux.Time, cancellationToken))
    {
        ["Access"] = m => m.IsReadOnly ? 1u : 3u,
        ["BlockSize"] = m => m.Space?.BlockSize,
        ["Caption"] = m => m.MountPoint,
        ["Compressed"] = _ => false,
        ["DeviceID"] = m => m.MountPoint,
        ["FileSystem"] = m => m.FileSystem,
        ["FreeSpace"] = m => m.Space?.Free,
        ["MaximumComponentLength"] = m => m.Space?.NameLength,
        ["Name"] = m => m.MountPoint,
        ["NumberOfBlocks"] = m => m.Space is { BlockSize: > 0 } space ? space.Size / space.BlockSize : default(CimValue),
        ["ProviderName"] = m => m.Source,
        ["SessionID"] = _ => "0",
        ["Size"] = m => m.Space?.Size,
    };
}

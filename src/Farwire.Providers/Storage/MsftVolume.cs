using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Mounts;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>MSFT_Volume: the mounted file systems on block devices.</summary>
internal static class MsftVolume
{
    private const uint HealthUnknown = 5;
    private const uint Ok = 2;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        BlockDevice? Device(Mount mount) => linux.Blocks.Find(mount.Device);
        return new CimTable<Mount>(schema, "MSFT_Volume", (need, cancellationToken) =>
            linux.Mounts.ReadAsync(m => m.Kind == MountKind.Local, need.Needs("Size", "SizeRemaining", "AllocationUnitSize"), linux.Time, cancellationToken))
        {
            ["AllocationUnitSize"] = m => m.Space is { } space ? (uint)space.BlockSize : default(CimValue),
            ["DriveType"] = m => Win32LogicalDisk.DriveType(m.Kind),
            ["FileSystem"] = m => m.FileSystem,
            ["FileSystemLabel"] = m => Device(m)?.FileSystemLabel,
            ["HealthStatus"] = _ => HealthUnknown,
            ["ObjectId"] = m => m.MountPoint,
            ["OperationalStatus"] = _ => new[] { Ok },
            ["Path"] = m => m.MountPoint,
            ["Size"] = m => m.Space?.Size,
            ["SizeRemaining"] = m => m.Space?.Free,
            ["UniqueId"] = m => Device(m)?.FileSystemId ?? m.Source,
        };
    }
}

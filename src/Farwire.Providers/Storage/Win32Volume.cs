using System.Globalization;
using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Mounts;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Storage;

/// <summary>Win32_Volume: file systems on block devices, mounted or not. There are no drive letters: <c>DriveLetter</c> is NULL.</summary>
internal static class Win32Volume
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        return new CimTable<Row>(schema, "Win32_Volume", Rows)
        {
            ["Access"] = r => r.Device.IsReadOnly || r.Mount?.IsReadOnly == true ? 1u : 3u,
            ["Automount"] = r => r.Mount is not null,
            ["BlockSize"] = r => r.Mount?.Space?.BlockSize,
            ["BootVolume"] = r => r.Mount?.MountPoint == "/",
            ["Capacity"] = r => r.Mount?.Space?.Size ?? r.Device.Size,
            ["Caption"] = r => r.Mount?.MountPoint ?? DeviceId(r.Device),
            ["Compressed"] = _ => false,
            ["DeviceID"] = r => DeviceId(r.Device),
            ["DriveType"] = r => r.Device.IsRemovable ? 2u : r.Mount is { } mount ? Win32LogicalDisk.DriveType(mount.Kind) : 3u,
            ["FileSystem"] = r => r.Mount?.FileSystem ?? r.Device.FileSystemType,
            ["FreeSpace"] = r => r.Mount?.Space?.Free,
            ["Label"] = r => r.Device.FileSystemLabel,
            ["MaximumFileNameLength"] = r => r.Mount?.Space?.NameLength,
            ["Name"] = r => r.Mount?.MountPoint ?? DeviceId(r.Device),
            ["PageFilePresent"] = r => SwapArea.Read(linux.Paths).Any(s => s.IsFile && r.Mount is { MountPoint: var point } && s.Name.StartsWith(point.TrimEnd('/') + "/", StringComparison.Ordinal)),
            ["QuotasEnabled"] = r => r.Mount?.FileSystemOptions.Any(Win32QuotaSetting.IsQuota) == true,
            ["SerialNumber"] = r => Serial(r.Device.FileSystemId),
            ["SupportsDiskQuotas"] = r => Win32QuotaSetting.Supports(r.Mount?.FileSystem ?? r.Device.FileSystemType),
            ["SystemVolume"] = r => r.Mount?.MountPoint is "/boot" or "/boot/efi" or "/efi",
        };

        async IAsyncEnumerable<Row> Rows(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var mounts = new List<Mount>();
            await foreach (var mount in linux.Mounts.ReadAsync(need.Needs("Capacity", "FreeSpace", "BlockSize", "MaximumFileNameLength"), linux.Time, cancellationToken).ConfigureAwait(false))
            {
                mounts.Add(mount);
            }

            // Btrfs has numbers of its own: its mounts are found by the name of the device.
            foreach (var device in linux.Blocks.Read().SelectMany(d => d.Partitions().Prepend(d)))
            {
                var mount = mounts.Find(m => m.Device == device.Numbers) ?? mounts.Find(m => m.Source == device.DeviceFile);
                if (mount is not null || (device.FileSystemId is not null && device.FileSystemType is not (null or "swap" or "LVM2_member" or "linux_raid_member" or "crypto_LUKS")))
                {
                    yield return new Row(device, mount);
                }
            }
        }
    }

    internal static string DeviceId(BlockDevice device) => device.FileSystemId is { } id ? "/dev/disk/by-uuid/" + id : device.DeviceFile;

    // The first 32 bits of the file system's id, in hexadecimal.
    private static CimValue Serial(string? id) =>
        uint.TryParse(id?.Replace("-", "", StringComparison.Ordinal) is { Length: >= 8 } digits ? digits[..8] : id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var serial) ? serial : default(CimValue);

    private sealed record Row(BlockDevice Device, Mount? Mount);
}

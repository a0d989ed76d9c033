using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_LogicalDisk: the mounted file systems, named by where they are mounted.</summary>
internal sealed class LogicalDiskProvider(CimSchema schema, LinuxPaths paths) : ICimProvider
{
    private const uint FixedMedia = 12;

    private readonly MountTable _mounts = new(paths);

    public CimClass Class { get; } = schema.Find("Win32_LogicalDisk")!;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        var needsSpace = need.Needs(Class.SlotOf("Size")) || need.Needs(Class.SlotOf("FreeSpace"));
        foreach (var mount in _mounts.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ToInstance(mount, needsSpace);
        }
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_mounts.Read().FirstOrDefault(m => m.MountPoint == keys[0]) is { } mount ? ToInstance(mount, needsSpace: true) : null);

    private CimInstance ToInstance(Mount mount, bool needsSpace)
    {
        var space = needsSpace ? mount.Space() : null;
        return new CimInstance(Class)
        {
            ["Access"] = mount.IsReadOnly ? 1u : 3u,
            ["Caption"] = mount.MountPoint,
            ["Compressed"] = false,
            ["CreationClassName"] = Class.Name,
            ["Description"] = mount.Kind switch
            {
                MountKind.Network => "Network Connection",
                MountKind.Optical => "CD-ROM Disc",
                MountKind.Memory => "RAM Disk",
                _ => "Local Fixed Disk",
            },
            ["DeviceID"] = mount.MountPoint,
            ["DriveType"] = mount.Kind switch
            {
                MountKind.Network => 4u,
                MountKind.Optical => 5u,
                MountKind.Memory => 6u,
                _ => 3u,
            },
            ["FileSystem"] = mount.FileSystem,
            ["FreeSpace"] = space is { } free ? free.Free : default(CimValue),
            ["MediaType"] = mount.Kind == MountKind.Local ? FixedMedia : default(CimValue),
            ["Name"] = mount.MountPoint,
            ["ProviderName"] = mount.Kind == MountKind.Network ? mount.Source : null,
            ["Size"] = space is { } size ? size.Size : default(CimValue),
            ["SystemCreationClassName"] = "Win32_ComputerSystem",
            ["SystemName"] = Environment.MachineName,
        };
    }
}

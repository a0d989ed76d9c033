using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Linux.Storage;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Linux;

/// <summary>Linux_BlockDevice: disks, partitions, and devices made from others.</summary>
internal static class LinuxBlockDevice
{
    public static ICimProvider Over(CimSchema schema, LinuxSources linux) =>
        new CimTable<BlockDevice>(schema, "Linux_BlockDevice", _ => linux.Blocks.Read().SelectMany(d => d.Partitions().Prepend(d)))
        {
            Listen = static (changed, _) => Task.FromResult(DeviceSignals.Listen(changed)),
            ["Caption"] = d => d.Model is { } model ? $"{d.Name}: {model}" : d.Name,
            ["Disk"] = d => d.Disk?.Name,
            ["FileSystem"] = d => d.FileSystemType,
            ["FileSystemId"] = d => d.FileSystemId,
            ["FileSystemLabel"] = d => d.FileSystemLabel,
            ["Model"] = d => d.Model,
            ["Name"] = d => d.Name,
            ["Numbers"] = d => d.Numbers,
            ["ReadOnly"] = d => d.IsReadOnly,
            ["Removable"] = d => (d.Disk ?? d).IsRemovable,
            ["Rotational"] = d => (d.Disk ?? d).IsRotational,
            ["Serial"] = d => d.Serial,
            ["Size"] = d => d.Size,
            ["Slaves"] = d => d.Slaves() is { Count: > 0 } slaves ? slaves.ToArray() : default(CimValue),
        };
}

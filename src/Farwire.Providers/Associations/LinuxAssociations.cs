using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;
using Farwire.Providers.Storage;

namespace Farwire.Providers.Associations;

/// <summary>The associations of root/cimv2, over the classes that stand in it.</summary>
internal static class LinuxAssociations
{
    public static IEnumerable<ICimProvider> Over(CimSchema schema, LinuxSources linux, SystemBus bus, IReadOnlyList<ICimProvider> providers)
    {
        List<ICimProvider> devices = [.. providers.Where(p => p.Class.IsA("CIM_LogicalDevice") && p is { NeedsNames: false })];
        return
        [
            DependentServices.Over(schema, bus),
            SystemComponents.Over(schema, "Win32_SystemServices", Of("Win32_Service")),
            SystemComponents.Over(schema, "Win32_SystemProcesses", Of("Win32_Process")),
            SystemComponents.Over(schema, "Win32_SystemOperatingSystem", Of("Win32_OperatingSystem")),
            SystemComponents.Over(schema, "Win32_SystemBIOS", Of("Win32_BIOS")),
            SystemComponents.Over(schema, "Win32_SystemUsers", Of("Win32_UserAccount")),
            SystemComponents.Over(schema, "Win32_SystemPartitions", Of("Win32_DiskPartition")),
            SystemComponents.Over(schema, "Win32_ComputerSystemProcessor", Of("Win32_Processor")),
            SystemComponents.Over(schema, "Win32_SystemDevices", [.. devices.Where(p => p.Class.Name is not ("Win32_Processor" or "Win32_DiskPartition"))]),
            JoinedClasses.Over(schema, "Win32_DiskDriveToDiskPartition", ("Antecedent", Of("Win32_DiskDrive"), "Index"), ("Dependent", Of("Win32_DiskPartition"), "DiskIndex")),
            JoinedClasses.Over(schema, "Win32_NetworkAdapterSetting", ("Element", Of("Win32_NetworkAdapter"), "InterfaceIndex"), ("Setting", Of("Win32_NetworkAdapterConfiguration"), "InterfaceIndex")),
            new AssociationTable(schema, "Win32_LogicalDiskToPartition", ("Antecedent", "Dependent"), (_, token) => DisksOnPartitions(linux, Of("Win32_DiskPartition"), token)),
            new AssociationTable(schema, "Win32_LogicalDiskRootDirectory", ("GroupComponent", "PartComponent"), (_, token) => RootDirectories(linux, token)),
            new AssociationTable(schema, "Win32_MountPoint", ("Directory", "Volume"), (_, token) => MountPoints(linux, token)),
            Directories.InDirectories(schema),
            Directories.FilesIn(schema),
            Sessions.Processes(schema, linux),
            ProcessExecutables.Over(schema, linux),
            .. DeviceAssociations.Over(schema, linux, devices),
        ];

        ICimProvider Of(string className) => providers.First(p => p.Class.Name == className);
    }

    private static async IAsyncEnumerable<(EndpointReference, EndpointReference)> DisksOnPartitions(
        LinuxSources linux, ICimProvider partitions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var partition in partitions.EnumerateAsync(CimReference.KeysOf(partitions.Class), cancellationToken).ConfigureAwait(false))
        {
            files.Add(partition["DeviceID"].ToString());
        }

        await foreach (var mount in linux.Mounts.ReadAsync(false, linux.Time, cancellationToken).ConfigureAwait(false))
        {
            if (files.Contains(mount.Source))
            {
                yield return (CimReference.To("Win32_DiskPartition", ("DeviceID", mount.Source)), CimReference.To("Win32_LogicalDisk", ("DeviceID", mount.MountPoint)));
            }
        }
    }

    private static async IAsyncEnumerable<(EndpointReference, EndpointReference)> MountPoints(LinuxSources linux, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var devices = linux.Blocks.Read().SelectMany(d => d.Partitions().Prepend(d)).ToList();
        await foreach (var mount in linux.Mounts.ReadAsync(false, linux.Time, cancellationToken).ConfigureAwait(false))
        {
            if ((devices.Find(d => d.Numbers == mount.Device) ?? devices.Find(d => d.DeviceFile == mount.Source)) is { } device)
            {
                yield return (CimReference.To("Win32_Directory", ("Name", mount.MountPoint)), CimReference.To("Win32_Volume", ("DeviceID", Win32Volume.DeviceId(device))));
            }
        }
    }

    private static async IAsyncEnumerable<(EndpointReference, EndpointReference)> RootDirectories(LinuxSources linux, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var mount in linux.Mounts.ReadAsync(false, linux.Time, cancellationToken).ConfigureAwait(false))
        {
            yield return (CimReference.To("Win32_LogicalDisk", ("DeviceID", mount.MountPoint)), CimReference.To("Win32_Directory", ("Name", mount.MountPoint)));
        }
    }
}

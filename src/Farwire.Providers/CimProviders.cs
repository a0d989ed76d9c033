using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Linux.Files;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Providers.Associations;
using Farwire.Providers.Contract;
using Farwire.Providers.Devices;
using Farwire.Providers.Hardware;
using Farwire.Providers.Host;
using Farwire.Providers.Linux;
using Farwire.Providers.Logs;
using Farwire.Providers.Methods;
using Farwire.Providers.Network;
using Farwire.Providers.Performance;
using Farwire.Providers.Processes;
using Farwire.Providers.Services;
using Farwire.Providers.Software;
using Farwire.Providers.Storage;
using Farwire.Providers.Users;

namespace Farwire.Providers;

/// <summary>The CIM classes that Farwire serves on Linux. A class of the schema that stands in no list here has no instances.</summary>
public static class CimProviders
{
    /// <summary>All namespaces, live from the system at <paramref name="paths"/>.</summary>
    /// <param name="paths">Where the system's own file systems are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="bus">The message bus of systemd and logind.</param>
    /// <param name="starter">Starts the programs of methods, each with its caller's rights; null starts them as this process's own account alone.</param>
    /// <param name="allowsCommands">Whether Linux_Command may run lines of the shell now; never when null.</param>
    public static CimCatalog Linux(LinuxPaths? paths = null, TimeProvider? time = null, SystemBus? bus = null, IProgramStarter? starter = null, Func<bool>? allowsCommands = null)
    {
        time ??= TimeProvider.System;
        bus ??= new SystemBus(time: time);
        var linux = new LinuxSources(paths ?? new LinuxPaths(), time, bus);
        ICimProvider[] cimV2 = [.. CimV2(CimSchema.CimV2, linux)];
        var catalog = new CimCatalog()
            .Add(CimSchema.CimV2, [.. cimV2, .. LinuxAssociations.Over(CimSchema.CimV2, linux, bus, cimV2)])
            .Add(CimSchema.StandardCimV2, StandardCimV2(CimSchema.StandardCimV2, linux))
            .Add(CimSchema.Storage, Storage(CimSchema.Storage, linux))
            .Add(CimSchema.Linux, OwnClasses(CimSchema.Linux, linux));
        return LinuxMethods.AddTo(catalog, linux, bus, starter ?? new OwnAccountStarter(), allowsCommands ?? (() => false));
    }

    private static IEnumerable<ICimProvider> OwnClasses(CimSchema schema, LinuxSources linux) =>
    [
        LinuxOperatingSystem.Over(schema, linux),
        LinuxProcess.Over(schema, linux),
        LinuxSystemdUnit.Over(schema, linux),
        LinuxPressureStall.Over(schema, linux),
        LinuxMountPoint.Over(schema, linux),
        LinuxFileSystemUsage.Over(schema, linux),
        LinuxBlockDevice.Over(schema, linux),
        LinuxNetworkInterface.Over(schema),
        LinuxPackage.Over(schema, linux),
        LinuxJournalEntry.Over(schema),
        LinuxNetwork.Routes(schema),
        LinuxNetwork.Neighbors(schema),
        LinuxUnitDependency.Over(schema, linux),
        LinuxMDRaid.Over(schema, linux),
        LinuxNetwork.Sockets(schema, linux),
        LinuxAccounts.Users(schema, linux),
        LinuxAccounts.Groups(schema, linux),
        LinuxAccounts.Sessions(schema, linux),
        LinuxKernel.Settings(schema, linux),
        LinuxKernel.Modules(schema, linux),
        LinuxKernel.HardwareSensors(schema, linux),
        LinuxKernel.ControlGroups(schema, linux),
    ];

    private static IEnumerable<ICimProvider> StandardCimV2(CimSchema schema, LinuxSources linux) =>
    [
        MsftNetAdapter.Over(schema, linux),
        MsftNetIPAddress.Over(schema),
        MsftNetRoute.Over(schema),
        MsftNetNeighbor.Over(schema),
        MsftNetTransport.Tcp(schema, linux),
        MsftNetTransport.Udp(schema, linux),
    ];

    private static IEnumerable<ICimProvider> Storage(CimSchema schema, LinuxSources linux) =>
    [
        MsftDisk.Over(schema, linux),
        MsftDisk.Physical(schema, linux),
        MsftPartition.Over(schema, linux),
        MsftVolume.Over(schema, linux),
    ];

    private static IEnumerable<ICimProvider> CimV2(CimSchema schema, LinuxSources linux) =>
    [
        Win32OperatingSystem.Over(schema, linux),
        Win32ComputerSystem.Over(schema, linux),
        Win32Processor.Over(schema, linux),
        Win32ComputerSystemProduct.Over(schema, linux),
        Win32Bios.Over(schema, linux),
        Win32BaseBoard.Over(schema, linux),
        Win32SystemEnclosure.Over(schema, linux),
        Win32CacheMemory.Over(schema, linux),
        Win32PhysicalMemory.Over(schema, linux),
        Win32PhysicalMemoryArray.Over(schema, linux),

        Win32Process.Over(schema, linux),
        Win32Service.Over(schema, linux),
        Win32ScheduledJob.Over(schema, linux),
        Win32SystemDriver.Over(schema, linux),
        Win32Environment.Over(schema, linux),
        Win32TimeZone.Over(schema, linux),
        Win32CurrentTime.Local(schema, linux),
        Win32CurrentTime.Utc(schema, linux),
        Win32WmiSetting.Over(schema),

        Win32LogicalDisk.Over(schema, linux),
        Win32MappedLogicalDisk.Over(schema, linux),
        Win32Volume.Over(schema, linux),
        Win32QuotaSetting.Over(schema, linux),
        Win32DiskDrive.Over(schema, linux),
        Win32DiskPartition.Over(schema, linux),
        Win32PageFileUsage.Over(schema, linux),
        Win32PageFileSetting.Over(schema, linux),
        Win32Share.Over(schema, linux),
        CimDataFile.Files(schema, linux),
        CimDataFile.Directories(schema, linux),

        Win32NetworkAdapter.Over(schema, linux),
        Win32NetworkAdapterConfiguration.Over(schema, linux),
        Win32IP4RouteTable.Over(schema),

        Win32UserAccount.Over(schema, linux),
        Win32SystemAccount.Over(schema, linux),
        Win32Group.Over(schema, linux),
        Win32GroupUser.Over(schema, linux),
        Win32LogonSession.Over(schema, linux),
        Win32LoggedOnUser.Over(schema, linux),
        Win32UserProfile.Over(schema, linux),

        Win32Product.Over(schema, linux),
        Win32NTLogEvent.Over(schema),
        Win32NTEventlogFile.Over(schema, linux),

        .. BusDevices.Over(schema, linux),
        InputDevices.Keyboards(schema, linux),
        InputDevices.Pointers(schema, linux),
        Win32SerialPort.Over(schema, linux),
        Sensors.Temperatures(schema, linux),
        Sensors.Voltages(schema, linux),
        Sensors.Fans(schema, linux),
        Win32Battery.Over(schema, linux),

        .. new ProcessorCounters(linux).Over(schema),
        .. new ProcessorInformationCounters(linux).Over(schema),
        .. new SystemCounters(linux).Over(schema),
        .. new MemoryCounters(linux).Over(schema),
        .. new PagingFileCounters(linux).Over(schema),
        .. new PhysicalDiskCounters(linux).Over(schema),
        .. new LogicalDiskCounters(linux).Over(schema),
        .. new ProcessCounters(linux).Over(schema),
        .. new NetworkInterfaceCounters(linux).Over(schema),
        .. new TcpCounters(linux).Over(schema),
        .. new UdpCounters(linux).Over(schema),
        .. new Udp6Counters(linux).Over(schema),
        .. new IpCounters(linux, six: false).Over(schema),
        .. new IpCounters(linux, six: true).Over(schema),
    ];
}

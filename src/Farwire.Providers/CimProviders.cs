using Farwire.Cim.Classes;
using Farwire.Linux.DBus;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Linux.Mounts;
using Farwire.Linux.Processes;
using Farwire.Linux.Systemd;
using Farwire.Providers.Contract;
using Farwire.Providers.Host;
using Farwire.Providers.Network;
using Farwire.Providers.Processes;
using Farwire.Providers.Services;
using Farwire.Providers.Storage;

namespace Farwire.Providers;

/// <summary>The CIM classes that Farwire serves on Linux.</summary>
public static class CimProviders
{
    /// <summary>The classes of <c>root/cimv2</c>, live from the system at <paramref name="paths"/>.</summary>
    public static CimCatalog Linux(LinuxPaths? paths = null, TimeProvider? time = null, SystemBus? bus = null)
    {
        paths ??= new LinuxPaths();
        time ??= TimeProvider.System;
        bus ??= new SystemBus(time: time);
        var schema = CimSchema.CimV2;
        var host = new HostFacts(paths);
        var processes = new ProcessTable(paths);
        var mounts = new MountTable(paths);
        return new CimCatalog().Add(
            schema,
            Win32OperatingSystem.Over(schema, paths, host, time),
            Win32ComputerSystem.Over(schema, paths, host, time),
            Win32Processor.Over(schema, new ProcessorTable(paths), new ProcessorLoad(paths, time)),
            Win32Process.Over(schema, processes, host),
            Win32Service.Over(schema, new ServiceTable(bus)),
            Win32LogicalDisk.Over(schema, mounts, time),
            Win32NetworkAdapter.Over(schema, paths, host.MachineId),
            Win32NetworkAdapterConfiguration.Over(schema, paths, host.MachineId));
    }
}

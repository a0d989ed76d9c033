using Farwire.Linux.DBus;
using Farwire.Linux.Devices;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Linux.Mounts;
using Farwire.Linux.Processes;
using Farwire.Linux.Software;
using Farwire.Linux.Storage;
using Farwire.Linux.Systemd;
using Farwire.Linux.Users;

namespace Farwire.Providers;

/// <summary>Where the classes have their facts from: one of each for all of them.</summary>
internal sealed class LinuxSources
{
    public LinuxSources(LinuxPaths paths, TimeProvider time, SystemBus bus)
    {
        Paths = paths;
        Time = time;
        Host = new HostFacts(paths);
        Processors = new ProcessorTable(paths);
        Processes = new ProcessTable(paths);
        Mounts = new MountTable(paths);
        Blocks = new BlockDeviceTable(paths);
        Devices = new BusDeviceTable(paths);
        Accounts = new AccountTable(paths, time);
        Sessions = new SessionTable(paths);
        Packages = new PackageTable(paths);
        Systemd = new SystemdManager(bus);
        Services = new ServiceTable(Systemd);
    }

    public LinuxPaths Paths { get; }

    public TimeProvider Time { get; }

    public HostFacts Host { get; }

    public ProcessorTable Processors { get; }

    public ProcessTable Processes { get; }

    public MountTable Mounts { get; }

    public BlockDeviceTable Blocks { get; }

    public BusDeviceTable Devices { get; }

    public AccountTable Accounts { get; }

    public SessionTable Sessions { get; }

    public PackageTable Packages { get; }

    public SystemdManager Systemd { get; }

    public ServiceTable Services { get; }
}

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
internal sealed class LinuxSources(LinuxPaths paths, TimeProvider time, SystemBus bus)
{
    public LinuxPaths Paths => paths;

    public TimeProvider Time => time;

    public HostFacts Host { get; } = new(paths);

    public ProcessorTable Processors { get; } = new(paths);

    public ProcessTable Processes { get; } = new(paths);

    public MountTable Mounts { get; } = new(paths);

    public BlockDeviceTable Blocks { get; } = new(paths);

    public BusDeviceTable Devices { get; } = new(paths);

    public AccountTable Accounts { get; } = new(paths, time);

    public SessionTable Sessions { get; } = new(paths);

    public PackageTable Packages { get; } = new(paths);

    public ServiceTable Services { get; } = new(bus);
}

using System.Runtime.InteropServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Linux.Mounts;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_OperatingSystem: one instance, this system.</summary>
internal static class Win32OperatingSystem
{
    private const uint Linux = 36;
    private const uint Server = 3;
    private const uint Workstation = 1;

    public static ICimProvider Over(CimSchema schema, LinuxSources linux)
    {
        var (paths, host, time) = (linux.Paths, linux.Host, linux.Time);
        var processes = new Fresh<int>(time, linux.Processes.Count);
        var users = new Fresh<int>(time, () => linux.Sessions.Read().Count);
        var memory = new Fresh<MemoryFacts>(time, () => MemoryFacts.Read(paths));
        var greeter = new Fresh<bool>(time, () => File.Exists(paths.Etc + "/systemd/system/display-manager.service"));
        var limit = new Fresh<CimValue>(time, () => host.MaxProcesses);
        var language = new Fresh<string?>(time, () => host.Language);
        var mounts = new Fresh<IReadOnlyList<Mount>>(time, linux.Mounts.Read);
        var architecture = RuntimeInformation.OSArchitecture is Architecture.X64 or Architecture.Arm64 ? "64-bit" : "32-bit";
        return new CimTable<Moment>(schema, "Win32_OperatingSystem", _ => [new Moment(memory.Value, time.GetUtcNow())])
        {
            ["BootDevice"] = _ => (mounts.Value.FirstOrDefault(m => m.MountPoint == "/boot") ?? Root())?.Source,
            ["BuildNumber"] = _ => host.KernelRelease,
            ["BuildType"] = _ => host.KernelBuild,
            ["Caption"] = _ => host.PrettyName,
            ["CodeSet"] = _ => "utf-8",
            ["CurrentTimeZone"] = m => (int)m.Offset.TotalMinutes,
            ["Debug"] = _ => false,
            ["Description"] = _ => $"{host.PrettyName}, Linux {host.KernelRelease}",
            ["Distributed"] = _ => false,
            ["FreePhysicalMemory"] = m => m.Memory.Available,
            ["FreeSpaceInPagingFiles"] = m => m.Memory.SwapFree,
            ["FreeVirtualMemory"] = m => m.Memory.Available + m.Memory.SwapFree,
            ["InstallDate"] = _ => host.Installed is { } installed ? new CimDateTime(installed) : default(CimValue),
            ["LastBootUpTime"] = _ => new CimDateTime(host.BootTime),
            ["LocalDateTime"] = m => new CimDateTime(m.Now.ToOffset(m.Offset)),
            ["Manufacturer"] = _ => host.Release("VENDOR_NAME") ?? host.Id,
            ["MaxNumberOfProcesses"] = _ => limit.Value,
            ["MUILanguages"] = _ => language.Value is { } spoken ? new[] { spoken } : null,
            ["Name"] = _ => host.PrettyName,
            ["NumberOfProcesses"] = _ => (uint)processes.Value,
            ["NumberOfUsers"] = _ => (uint)users.Value,
            ["OSArchitecture"] = _ => architecture,
            ["OSType"] = _ => Linux,
            ["OtherTypeDescription"] = _ => host.Id,
            ["Primary"] = _ => true,

            // A machine that greets people at its screen is one person's.
            ["ProductType"] = _ => greeter.Value ? Workstation : Server,
            ["SerialNumber"] = _ => host.MachineId,
            ["ServicePackMajorVersion"] = _ => 0u,
            ["ServicePackMinorVersion"] = _ => 0u,
            ["SizeStoredInPagingFiles"] = m => m.Memory.SwapTotal,
            ["Status"] = _ => "OK",
            ["SystemDevice"] = _ => Root()?.Source,
            ["SystemDirectory"] = _ => "/usr/bin",
            ["SystemDrive"] = _ => "/",
            ["TotalSwapSpaceSize"] = m => m.Memory.SwapTotal,
            ["TotalVirtualMemorySize"] = m => m.Memory.Total + m.Memory.SwapTotal,
            ["TotalVisibleMemorySize"] = m => m.Memory.Total,
            ["Version"] = _ => host.VersionId ?? host.KernelRelease,
            ["WindowsDirectory"] = _ => "/",
        };

        Mount? Root() => mounts.Value.FirstOrDefault(m => m.MountPoint == "/");
    }

    private sealed record Moment(MemoryFacts Memory, DateTimeOffset Now)
    {
        public TimeSpan Offset => TimeZoneInfo.Local.GetUtcOffset(Now);
    }
}

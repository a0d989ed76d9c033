using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Linux.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Host;

/// <summary>Win32_OperatingSystem: one instance, this system.</summary>
internal sealed class OperatingSystemProvider(CimSchema schema, LinuxPaths paths, TimeProvider time) : ICimProvider
{
    private const uint Linux = 36;
    private const uint Server = 3;

    private readonly HostFacts _host = new(paths);
    private readonly Fresh<int> _processes = new(time, new ProcessTable(paths).Count);

    public CimClass Class { get; } = schema.Find("Win32_OperatingSystem")!;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield return Read();
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys[0].Equals(Name, StringComparison.OrdinalIgnoreCase) ? Read() : null);

    private string Name => _host.PrettyName;

    private CimInstance Read()
    {
        var memory = MemoryFacts.Read(paths);
        var zone = TimeZoneInfo.Local;
        var now = time.GetUtcNow();
        var offset = zone.GetUtcOffset(now);
        var architecture = RuntimeInformation.OSArchitecture is Architecture.X64 or Architecture.Arm64 ? "64-bit" : "32-bit";
        return new CimInstance(Class)
        {
            ["BuildNumber"] = _host.KernelRelease,
            ["BuildType"] = _host.KernelBuild,
            ["Caption"] = _host.PrettyName,
            ["CodeSet"] = "utf-8",
            ["CreationClassName"] = Class.Name,
            ["CSCreationClassName"] = "Win32_ComputerSystem",
            ["CSName"] = Environment.MachineName,
            ["CurrentTimeZone"] = (int)offset.TotalMinutes,
            ["Debug"] = false,
            ["Description"] = $"{_host.PrettyName}, Linux {_host.KernelRelease}",
            ["Distributed"] = false,
            ["FreePhysicalMemory"] = memory.Available,
            ["FreeSpaceInPagingFiles"] = memory.SwapFree,
            ["FreeVirtualMemory"] = memory.Available + memory.SwapFree,
            ["LastBootUpTime"] = new CimDateTime(_host.BootTime),
            ["LocalDateTime"] = new CimDateTime(now.ToOffset(offset)),
            ["Manufacturer"] = _host.Release("VENDOR_NAME") ?? _host.Id,
            ["Name"] = Name,
            ["NumberOfProcesses"] = (uint)_processes.Value,
            ["OSArchitecture"] = architecture,
            ["OSType"] = Linux,
            ["OtherTypeDescription"] = _host.Id,
            ["Primary"] = true,
            ["ProductType"] = Server,
            ["SerialNumber"] = _host.MachineId,
            ["ServicePackMajorVersion"] = 0u,
            ["ServicePackMinorVersion"] = 0u,
            ["SizeStoredInPagingFiles"] = memory.SwapTotal,
            ["Status"] = "OK",
            ["SystemDirectory"] = "/usr/bin",
            ["SystemDrive"] = "/",
            ["TotalSwapSpaceSize"] = memory.SwapTotal,
            ["TotalVirtualMemorySize"] = memory.Total + memory.SwapTotal,
            ["TotalVisibleMemorySize"] = memory.Total,
            ["Version"] = _host.VersionId ?? _host.KernelRelease,
            ["WindowsDirectory"] = "/",
        };
    }
}

using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>What does not change while the system runs.</summary>
/// <remarks>os-release(5), uname(2), machine-id(5), proc(5).</remarks>
public sealed class HostFacts
{
    private readonly LinuxPaths _paths;
    private readonly Dictionary<string, string> _release;

    /// <summary>Reads the facts.</summary>
    public HostFacts(LinuxPaths paths)
    {
        _paths = paths;
        _release = KeyValueFile.Read(paths.Etc + "/os-release") ?? KeyValueFile.Read("/usr/lib/os-release") ?? [];
        KernelRelease = ProcFile.ReadText(paths.Proc + "/sys/kernel/osrelease") ?? "";
        KernelBuild = ProcFile.ReadText(paths.Proc + "/sys/kernel/version") ?? "";
        MachineId = ProcFile.ReadText(paths.Etc + "/machine-id") is { Length: > 0 } id ? id : null;
        Vendor = Dmi("sys_vendor");
        Product = Dmi("product_name");
        Installed = FileTimes.Created("/");
        BootTime = DateTimeOffset.FromUnixTimeSeconds(ReadBootTime(paths));
        var cpuInfo = ProcFile.ReadText(paths.Proc + "/cpuinfo", 1024 * 1024) ?? "";
        HypervisorPresent = cpuInfo.Contains(" hypervisor", StringComparison.Ordinal);
        LogicalProcessors = Math.Max(1, cpuInfo.Split('\n').Count(l => l.StartsWith("processor", StringComparison.Ordinal)));
        Sockets = Math.Max(1, cpuInfo.Split('\n').Where(l => l.StartsWith("physical id", StringComparison.Ordinal)).Distinct().Count());
    }

    /// <summary>The distribution with its version, for people.</summary>
    public string PrettyName => Release("PRETTY_NAME") ?? "Linux";

    /// <summary>The distribution's short name, such as <c>debian</c>.</summary>
    public string Id => Release("ID") ?? "linux";

    /// <summary>The distribution's version number, or null.</summary>
    public string? VersionId => Release("VERSION_ID");

    /// <summary>The kernel's release, such as <c>6.1.0-18-amd64</c>.</summary>
    public string KernelRelease { get; }

    /// <summary>The kernel's build.</summary>
    public string KernelBuild { get; }

    /// <summary>128 bits in hexadecimal that name this installation; null when it has none.</summary>
    public string? MachineId { get; }

    /// <summary>Who made the machine.</summary>
    public string? Vendor { get; }

    /// <summary>The machine's model.</summary>
    public string? Product { get; }

    /// <summary>When the kernel started.</summary>
    public DateTimeOffset BootTime { get; }

    /// <summary>When the root file system was made; null when it does not say.</summary>
    public DateTimeOffset? Installed { get; }

    /// <summary>The system runs in a virtual machine.</summary>
    public bool HypervisorPresent { get; }

    /// <summary>Processors as programs see them; this process may be held to fewer.</summary>
    public int LogicalProcessors { get; }

    /// <summary>Processor packages.</summary>
    public int Sockets { get; }

    /// <summary>The most processes there can be.</summary>
    public uint? MaxProcesses => uint.TryParse(ProcFile.ReadText(_paths.Proc + "/sys/kernel/pid_max"), NumberStyles.None, CultureInfo.InvariantCulture, out var max) ? max : null;

    /// <summary>The language of the system, as <c>de-DE</c>; null when none is chosen.</summary>
    /// <remarks>locale.conf(5).</remarks>
    public string? Language
    {
        get
        {
            var locale = (KeyValueFile.Read(_paths.Etc + "/locale.conf") ?? KeyValueFile.Read(_paths.Etc + "/default/locale"))?.GetValueOrDefault("LANG")?.Split('.', '@')[0];
            return locale is null or "" or "C" or "POSIX" ? null : locale.Replace('_', '-');
        }
    }

    /// <summary>What the firmware says about the machine, by the names of sysfs; null without firmware tables, or when they are not for us.</summary>
    /// <remarks>The kernel's "/sys/class/dmi/id".</remarks>
    public string? Dmi(string field) => ProcFile.ReadText($"{_paths.Sys}/class/dmi/id/{field}")?.Trim();

    /// <summary>A field of os-release, or null.</summary>
    public string? Release(string field) => _release.GetValueOrDefault(field);

    private static long ReadBootTime(LinuxPaths paths)
    {
        foreach (var line in (ProcFile.ReadText(paths.Proc + "/stat", 1024 * 1024) ?? "").Split('\n'))
        {
            if (line.StartsWith("btime ", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(6), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}

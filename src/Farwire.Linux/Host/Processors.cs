using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>A processor package: what sits in one socket.</summary>
/// <param name="Socket">The package's number.</param>
/// <param name="Logical">The logical processors in it that are on.</param>
/// <param name="Cores">Its cores.</param>
/// <param name="Fields">What the kernel says about the first of them, by the names of <c>/proc/cpuinfo</c>.</param>
/// <remarks>proc(5), "/proc/cpuinfo"; the kernel's "CPU topology" and "cacheinfo" in sysfs.</remarks>
public sealed record ProcessorPackage(int Socket, IReadOnlyList<int> Logical, int Cores, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Cache of level 2 in all, in KiB; null when the kernel does not tell.</summary>
    public uint? Level2KiB { get; init; }

    /// <summary>Cache of level 3 in all, in KiB.</summary>
    public uint? Level3KiB { get; init; }

    /// <summary>The fastest clock, in MHz.</summary>
    public uint? MaxClock { get; init; }

    /// <summary>The clock now, in MHz.</summary>
    public uint? Clock { get; init; }

    /// <summary>A flag of <c>/proc/cpuinfo</c>.</summary>
    public bool Has(string flag) =>
        (Fields.GetValueOrDefault("flags") ?? Fields.GetValueOrDefault("Features") ?? "").Split(' ').Contains(flag);

    /// <summary>The processor's signature and features as the hardware tells them, in hexadecimal; null elsewhere than on x86.</summary>
    /// <remarks>The instruction CPUID, leaf 1.</remarks>
    public static string? Signature()
    {
        if (!X86Base.IsSupported)
        {
            return null;
        }

        var (eax, _, _, edx) = X86Base.CpuId(1, 0);
        return string.Create(CultureInfo.InvariantCulture, $"{(uint)edx:X8}{(uint)eax:X8}");
    }

    /// <summary>The instruction set.</summary>
    public static Architecture Architecture => RuntimeInformation.OSArchitecture;
}

/// <summary>The processor packages.</summary>
public sealed class ProcessorTable(LinuxPaths paths)
{
    private const int MaxProcessors = 8192;

    private readonly string _root = paths.Sys + "/devices/system/cpu/cpu";

    /// <summary>Reads them now: processors can be switched off, and clocks change.</summary>
    public IReadOnlyList<ProcessorPackage> Read()
    {
        var processors = new List<Dictionary<string, string>>();
        var current = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (ProcFile.ReadText(paths.Proc + "/cpuinfo", 8 * 1024 * 1024) ?? "").Split('\n').Append(""))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                current[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
            else if (current.ContainsKey("processor") && processors.Count < MaxProcessors)
            {
                processors.Add(current);
                current = new Dictionary<string, string>(StringComparer.Ordinal);
            }
        }

        return [.. processors.GroupBy(SocketOf).OrderBy(g => g.Key).Select(ToPackage)];
    }

    private ProcessorPackage ToPackage(IGrouping<int, Dictionary<string, string>> package)
    {
        int[] logical = [.. package.Select(p => int.Parse(p["processor"], CultureInfo.InvariantCulture)).Order()];
        var first = package.First();
        var cores = logical.Select(n => (Number($"{n}/topology/core_id"), Number($"{n}/topology/die_id"))).Distinct().Count();
        var clock = logical.Select(n => Number($"{n}/cpufreq/scaling_cur_freq") / 1000).Max() ?? Megahertz(package);
        return new ProcessorPackage(package.Key, logical, cores, first)
        {
            Clock = clock,
            MaxClock = logical.Select(n => Number($"{n}/cpufreq/cpuinfo_max_freq") / 1000).Max() ?? clock,
            Level2KiB = CacheKiB(logical, 2),
            Level3KiB = CacheKiB(logical, 3),
        };
    }

    private int SocketOf(Dictionary<string, string> processor) =>
        (int)(Number(processor["processor"] + "/topology/physical_package_id") is { } id and < MaxProcessors ? id : 0);

    // A cache that several processors share counts once.
    private uint? CacheKiB(int[] logical, int level)
    {
        var caches = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var n in logical)
        {
            for (var index = 0; ProcFile.ReadText($"{_root}{n}/cache/index{index}/level") is { } found; index++)
            {
                if (found == level.ToString(CultureInfo.InvariantCulture)
                    && ProcFile.ReadText($"{_root}{n}/cache/index{index}/size") is { } size && size.EndsWith('K')
                    && uint.TryParse(size.AsSpan(0, size.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var kib))
                {
                    caches[ProcFile.ReadText($"{_root}{n}/cache/index{index}/shared_cpu_list") ?? $"{n}"] = kib;
                }
            }
        }

        return caches.Count == 0 ? null : (uint)caches.Values.Sum(v => v);
    }

    private uint? Number(string file) =>
        uint.TryParse(ProcFile.ReadText(_root + file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static uint? Megahertz(IEnumerable<Dictionary<string, string>> package) => package
        .Select(p => double.TryParse(p.GetValueOrDefault("cpu MHz"), NumberStyles.Float, CultureInfo.InvariantCulture, out var clock) ? (uint?)Math.Round(clock) : null)
        .Max();
}

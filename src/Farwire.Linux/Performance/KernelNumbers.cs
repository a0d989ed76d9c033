using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Performance;

/// <summary>The kernel's tables of named numbers.</summary>
/// <remarks>proc(5): "/proc/vmstat", "/proc/meminfo", "/proc/stat", "/proc/net/snmp".</remarks>
public sealed class KernelNumbers
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly Dictionary<string, ulong> _numbers = new(StringComparer.Ordinal);

    /// <summary>The number of this name; 0 when the kernel has none.</summary>
    public ulong this[string name] => _numbers.GetValueOrDefault(name);

    /// <summary>True when the kernel has this number.</summary>
    public bool Has(string name) => _numbers.ContainsKey(name);

    /// <summary>Lines of a name and a number, such as <c>/proc/vmstat</c>, <c>/proc/meminfo</c> (in KiB) or <c>/proc/net/snmp6</c>; of several numbers the first.</summary>
    public static KernelNumbers ReadLines(LinuxPaths paths, string file)
    {
        var numbers = new KernelNumbers();
        foreach (var line in (ProcFile.ReadText($"{paths.Proc}/{file}", MaxBytes) ?? "").Split('\n'))
        {
            if (line.Split((char[])[' ', '\t', ':'], 3, StringSplitOptions.RemoveEmptyEntries) is [var name, var number, ..]
                && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                numbers._numbers[name] = value;
            }
        }

        return numbers;
    }

    /// <summary>Pairs of lines, names above numbers, such as <c>/proc/net/snmp</c>: a name is <c>Tcp.InSegs</c>.</summary>
    public static KernelNumbers ReadPairs(LinuxPaths paths, string file)
    {
        var numbers = new KernelNumbers();
        string[] names = [];
        foreach (var line in (ProcFile.ReadText($"{paths.Proc}/{file}", MaxBytes) ?? "").Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 0 && names.Length == fields.Length && names[0] == fields[0])
            {
                for (var i = 1; i < fields.Length; i++)
                {
                    if (ulong.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                    {
                        numbers._numbers[fields[0].TrimEnd(':') + "." + names[i]] = value;
                    }
                }
            }

            names = fields;
        }

        return numbers;
    }

    /// <summary>All threads that there are.</summary>
    /// <remarks>proc(5), "/proc/loadavg": the fourth field is running/all.</remarks>
    public static uint Threads(LinuxPaths paths) =>
        (ProcFile.ReadText(paths.Proc + "/loadavg") ?? "").Split(' ') is [_, _, _, var counts, ..]
        && uint.TryParse(counts[(counts.IndexOf('/', StringComparison.Ordinal) + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var all) ? all : 0;

    /// <summary>How many interrupts each processor served, in the order of its column.</summary>
    /// <remarks>proc(5), "/proc/interrupts".</remarks>
    public static ulong[] Interrupts(LinuxPaths paths)
    {
        var lines = (ProcFile.ReadText(paths.Proc + "/interrupts", MaxBytes) ?? "").Split('\n');
        var sums = new ulong[lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length];
        foreach (var line in lines.Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < sums.Length && i + 1 < fields.Length && ulong.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count); i++)
            {
                sums[i] += count;
            }
        }

        return sums;
    }
}

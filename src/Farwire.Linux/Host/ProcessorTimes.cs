using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Host;

/// <summary>Where a processor's time went since the system started, in clock ticks of a hundredth of a second.</summary>
/// <param name="Name">The processor's number, or the empty text for all together.</param>
/// <param name="User">Programs, guests among them.</param>
/// <param name="Nice">Programs of low priority.</param>
/// <param name="System">The kernel.</param>
/// <param name="Idle">Nothing.</param>
/// <param name="Wait">Nothing, while a disk worked.</param>
/// <param name="Interrupt">Interrupts.</param>
/// <param name="SoftInterrupt">What interrupts put off.</param>
/// <param name="Stolen">Other virtual machines.</param>
/// <remarks>proc(5), "/proc/stat".</remarks>
public sealed record ProcessorTimes(string Name, long User, long Nice, long System, long Idle, long Wait, long Interrupt, long SoftInterrupt, long Stolen)
{
    /// <summary>All of it.</summary>
    public long Total => User + Nice + System + Idle + Wait + Interrupt + SoftInterrupt + Stolen;

    /// <summary>What was not idle.</summary>
    public long Busy => Total - Idle - Wait;

    /// <summary>Reads the sum and each processor now.</summary>
    public static IReadOnlyList<ProcessorTimes> Read(LinuxPaths paths)
    {
        var times = new List<ProcessorTimes>();
        foreach (var line in (ProcFile.ReadText(paths.Proc + "/stat", 4 * 1024 * 1024) ?? "").Split('\n'))
        {
            if (!line.StartsWith("cpu", StringComparison.Ordinal))
            {
                break;
            }

            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            long Field(int at) => at < fields.Length && long.TryParse(fields[at], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
            times.Add(new ProcessorTimes(fields[0][3..], Field(1), Field(2), Field(3), Field(4), Field(5), Field(6), Field(7), Field(8)));
        }

        return times;
    }
}

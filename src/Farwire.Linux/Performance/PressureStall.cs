using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Performance;

/// <summary>How much work waited for a resource.</summary>
/// <param name="Resource"><c>cpu</c>, <c>io</c> or <c>memory</c>.</param>
/// <param name="Kind"><c>some</c>: at least one waited. <c>full</c>: all did.</param>
/// <param name="Average10">Percent of the last 10 seconds.</param>
/// <param name="Average60">Percent of the last minute.</param>
/// <param name="Average300">Percent of the last five minutes.</param>
/// <param name="Total">Microseconds since boot.</param>
/// <remarks>The kernel's "PSI - Pressure Stall Information".</remarks>
public sealed record PressureStall(string Resource, string Kind, double Average10, double Average60, double Average300, ulong Total)
{
    private static readonly string[] Resources = ["cpu", "io", "memory"];

    /// <summary>The pressure now; none where the kernel does not measure it.</summary>
    public static IEnumerable<PressureStall> Read(LinuxPaths paths)
    {
        foreach (var resource in Resources)
        {
            // some avg10=0.00 avg60=0.00 avg300=0.00 total=0
            foreach (var line in (ProcFile.ReadText($"{paths.Proc}/pressure/{resource}") ?? "").Split('\n'))
            {
                if (line.Split(' ') is [var kind, var ten, var sixty, var threeHundred, var total])
                {
                    yield return new PressureStall(
                        resource, kind, Number(ten), Number(sixty), Number(threeHundred),
                        ulong.TryParse(Value(total), NumberStyles.None, CultureInfo.InvariantCulture, out var micros) ? micros : 0);
                }
            }
        }
    }

    private static string Value(string pair) => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static double Number(string pair) => double.TryParse(Value(pair), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

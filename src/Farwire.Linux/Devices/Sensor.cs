using System.Globalization;
using Farwire.Linux.Files;

namespace Farwire.Linux.Devices;

/// <summary>What a sensor measures.</summary>
public enum SensorKind
{
    /// <summary>Thousandths of a degree Celsius.</summary>
    Temperature,

    /// <summary>Millivolts.</summary>
    Voltage,

    /// <summary>Turns a minute.</summary>
    Fan,
}

/// <summary>A sensor of the hardware.</summary>
/// <param name="Kind">What it measures.</param>
/// <param name="Id">Its place, such as <c>hwmon0/temp1</c>.</param>
/// <param name="Name">Its label, or chip and number.</param>
/// <param name="Reading">The value now; null when it cannot be read.</param>
/// <param name="Low">The least that is good.</param>
/// <param name="High">The most that is good.</param>
/// <param name="Critical">The most there may be.</param>
/// <remarks>The kernel's "hwmon sysfs interface".</remarks>
public sealed record Sensor(SensorKind Kind, string Id, string Name, long? Reading, long? Low, long? High, long? Critical)
{
    /// <summary>The sensors of a kind now.</summary>
    public static IEnumerable<Sensor> Read(LinuxPaths paths, SensorKind kind)
    {
        var root = paths.Sys + "/class/hwmon";
        var prefix = kind switch { SensorKind.Temperature => "temp", SensorKind.Voltage => "in", _ => "fan" };
        if (!Directory.Exists(root))
        {
            yield break;
        }

        foreach (var chip in Directory.EnumerateFileSystemEntries(root).Order(StringComparer.Ordinal))
        {
            foreach (var file in Directory.EnumerateFiles(chip, prefix + "*_input").Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(file)[..^"_input".Length];
                long? Value(string suffix) => long.TryParse(ProcFile.ReadText($"{chip}/{name}_{suffix}"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
                yield return new Sensor(
                    kind, $"{Path.GetFileName(chip)}/{name}", ProcFile.ReadText($"{chip}/{name}_label") ?? $"{ProcFile.ReadText(chip + "/name")} {name}",
                    Value("input"), Value("min"), Value("max"), Value("crit"));
            }
        }
    }
}

using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Devices;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Devices;

/// <summary>Win32_TemperatureProbe, Win32_VoltageProbe and Win32_Fan: the sensors that the kernel reads itself. Temperatures in tenths of a degree Celsius, voltages in millivolts.</summary>
internal static class Sensors
{
    private const long ThousandthsToTenths = 100;

    public static ICimProvider Temperatures(CimSchema schema, LinuxSources linux) => Probe(schema, linux, "Win32_TemperatureProbe", SensorKind.Temperature, ThousandthsToTenths);

    public static ICimProvider Voltages(CimSchema schema, LinuxSources linux) => Probe(schema, linux, "Win32_VoltageProbe", SensorKind.Voltage, 1);

    public static ICimProvider Fans(CimSchema schema, LinuxSources linux) => new CimTable<Sensor>(schema, "Win32_Fan", _ => Sensor.Read(linux.Paths, SensorKind.Fan))
    {
        ["ActiveCooling"] = _ => true,
        ["Caption"] = s => s.Name,
        ["Description"] = s => s.Reading is { } turns ? $"{s.Name}: {turns} RPM" : s.Name,
        ["DeviceID"] = s => s.Id,
        ["Name"] = s => s.Name,
        ["Status"] = s => s switch { { Reading: null } => "Unknown", { Low: { } low, Reading: var turns } when turns < low => "Degraded", _ => "OK" },
        ["StatusInfo"] = s => s.Reading is null ? 2u : 3u,
    };

    private static CimTable<Sensor> Probe(CimSchema schema, LinuxSources linux, string className, SensorKind kind, long divisor) => new(schema, className, _ => Sensor.Read(linux.Paths, kind))
    {
        ["Caption"] = s => s.Name,
        ["CurrentReading"] = s => Scale(s.Reading, divisor),
        ["Description"] = s => s.Name,
        ["DeviceID"] = s => s.Id,
        ["LowerThresholdNonCritical"] = s => Scale(s.Low, divisor),
        ["Name"] = s => s.Name,
        ["Status"] = s => s.Reading is null ? "Unknown" : s.Reading >= s.Critical ? "Error" : s.Reading > s.High || s.Reading < s.Low ? "Degraded" : "OK",
        ["UpperThresholdCritical"] = s => Scale(s.Critical, divisor),
        ["UpperThresholdNonCritical"] = s => Scale(s.High, divisor),
    };

    private static CimValue Scale(long? value, long divisor) => value is { } known && known / divisor is >= int.MinValue and <= int.MaxValue ? (int)(known / divisor) : default(CimValue);
}

using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>From IPMI's units to CIM's, and from values to the integers of a NumericSensor.</summary>
/// <remarks>CIM_NumericSensor, "BaseUnits", "UnitModifier"; IPMI 2.0, "Sensor Unit Type Codes".</remarks>
internal static class CimUnits
{
    private const uint Other = 1;
    private const uint Percentage = 65;

    // By IPMI's code. CIM has no prefixed units: a millihenry is a henry with the modifier -3.
    private static ReadOnlySpan<byte> BaseUnits =>
    [
        0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 21, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 31, 31, 32, 33, 34, 35,
        36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 47, 48, 48, 49, 50, 51, 52, 53, 1, 54, 55, 56, 57, 58, 59, 60, 60, 60, 60, 61, 61, 61, 61, 62, 63, 64,
    ];

    public static uint BaseUnit(SensorUnit unit) => unit.IsPercentage ? Percentage : unit.BaseCode < BaseUnits.Length ? BaseUnits[unit.BaseCode] : Other;

    /// <summary>The power of ten that the integers are to be multiplied with, to be in the base unit.</summary>
    public static int Modifier(FullSensorRecord sensor) => Scale(sensor) + (sensor.Unit.IsPercentage ? 0 : PrefixOf(sensor.Unit.BaseCode));

    /// <summary>A value in the sensor's unit as the integer that stands for it.</summary>
    public static int? Integer(FullSensorRecord sensor, double? value) => value is { } v && double.IsFinite(v)
        ? (int)Math.Clamp(Math.Round(v * Math.Pow(10, -Scale(sensor))), int.MinValue, int.MaxValue)
        : null;

    /// <summary>The value in the sensor's unit that an integer stands for.</summary>
    public static double Value(FullSensorRecord sensor, long integer) => integer / Math.Pow(10, -Scale(sensor));

    /// <summary>An accuracy in percent as hundredths of a percent.</summary>
    public static int Hundredths(double percent) => (int)Math.Round(percent * 100);

    // Digits behind the point are moved before it.
    private static int Scale(FullSensorRecord sensor) => Math.Min(0, sensor.Factors.RExponent);

    private static int PrefixOf(byte code) => code switch
    {
        20 => -6, // µs
        21 => -3, // ms
        32 => -3, // mm
        33 => -2, // cm
        51 => -3, // mH
        53 => -6, // µF
        67 or 71 => 3,
        68 or 72 => 6,
        69 or 73 => 9,
        _ => 0,
    };
}

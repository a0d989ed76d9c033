using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>Sensor: what has states alone.</summary>
internal static class SensorClass
{
    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<SensorRow>(schema, "Sensor", SensorRow.Of(controllers, numeric: false))
    {
        Like = SensorRow.Lines(schema, controllers),
        Invoke = static (_, _, _) => ValueTask.FromResult(MethodResult.NotSupported),
    };
}

/// <summary>NumericSensor: what has a reading and thresholds. All integers of a sensor are in its BaseUnits times ten to the UnitModifier.</summary>
internal static class NumericSensorClass
{
    // CIM_NumericSensor.SupportedThresholds: the codes of the thresholds.
    private static readonly (ThresholdMask Mask, uint Code)[] Codes =
    [
        (ThresholdMask.LowerNonCritical, 0), (ThresholdMask.UpperNonCritical, 1), (ThresholdMask.LowerCritical, 2), (ThresholdMask.UpperCritical, 3),
        (ThresholdMask.LowerNonRecoverable, 4), (ThresholdMask.UpperNonRecoverable, 5),
    ];

    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<SensorRow>(schema, "NumericSensor", SensorRow.Of(controllers, numeric: true))
    {
        Like = SensorRow.Lines(schema, controllers),
        Put = new NumericSensorChanges(controllers).PutAsync,
        Invoke = NumericSensorMethods.InvokeAsync,
        ["BaseUnits"] = r => CimUnits.BaseUnit(r.Reading.Unit),
        ["UnitModifier"] = r => CimUnits.Modifier(Full(r)),
        ["RateUnits"] = r => (uint)r.Reading.Unit.Rate,
        ["CurrentReading"] = r => CimUnits.Integer(Full(r), r.Reading.Value),
        ["NominalReading"] = r => Converted(r, Full(r).NominalReading),
        ["NormalMax"] = r => Converted(r, Full(r).NormalMaximum),
        ["NormalMin"] = r => Converted(r, Full(r).NormalMinimum),
        ["MaxReadable"] = r => Converted(r, Full(r).SensorMaximum),
        ["MinReadable"] = r => Converted(r, Full(r).SensorMinimum),
        ["Resolution"] = r => (uint?)CimUnits.Integer(Full(r), Full(r).Factors.Resolution),
        ["Tolerance"] = r => CimUnits.Integer(Full(r), Full(r).Factors.Tolerance * Full(r).Factors.Resolution / 2),
        ["Accuracy"] = r => CimUnits.Hundredths(Full(r).Factors.Accuracy),
        ["IsLinear"] = r => Full(r).Factors.IsLinear,
        ["Hysteresis"] = r => (uint?)CimUnits.Integer(Full(r), Full(r).PositiveHysteresis * Full(r).Factors.Resolution),
        ["LowerThresholdNonCritical"] = r => Threshold(r, ThresholdMask.LowerNonCritical),
        ["LowerThresholdCritical"] = r => Threshold(r, ThresholdMask.LowerCritical),
        ["LowerThresholdFatal"] = r => Threshold(r, ThresholdMask.LowerNonRecoverable),
        ["UpperThresholdNonCritical"] = r => Threshold(r, ThresholdMask.UpperNonCritical),
        ["UpperThresholdCritical"] = r => Threshold(r, ThresholdMask.UpperCritical),
        ["UpperThresholdFatal"] = r => Threshold(r, ThresholdMask.UpperNonRecoverable),
        ["SupportedThresholds"] = r => CodesOf(Full(r).ReadableThresholds),
        ["EnabledThresholds"] = r => CodesOf(Full(r).ReadableThresholds),
        ["SettableThresholds"] = r => CodesOf(Full(r).SettableThresholds),
    };

    public static FullSensorRecord Full(SensorRow row) => (FullSensorRecord)row.Sensor;

    private static int? Converted(SensorRow row, byte? raw) => raw is { } b ? CimUnits.Integer(Full(row), Full(row).Factors.Convert(b)) : null;

    private static int? Threshold(SensorRow row, ThresholdMask threshold) => CimUnits.Integer(Full(row), row.Reading.Thresholds?[threshold]);

    private static uint[] CodesOf(ThresholdMask mask) => [.. Codes.Where(c => (mask & c.Mask) != 0).Select(c => c.Code)];
}

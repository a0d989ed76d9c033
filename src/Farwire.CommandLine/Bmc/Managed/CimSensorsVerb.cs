using System.IO.Enumeration;
using Farwire.CommandLine.Grammar;
using Farwire.Ipmi.Sensor;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary><c>farwire bmc sensors --protocol wsman</c>: CIM_Sensor and what derives from it.</summary>
/// <remarks>CIM schema, "CIM_Sensor" and "CIM_NumericSensor".</remarks>
internal sealed class CimSensorsVerb : BmcVerb
{
    private static readonly (string Column, string Property)[] Thresholds =
    [
        ("lnr", "LowerThresholdFatal"), ("lcr", "LowerThresholdCritical"), ("lnc", "LowerThresholdNonCritical"),
        ("unc", "UpperThresholdNonCritical"), ("ucr", "UpperThresholdCritical"), ("unr", "UpperThresholdFatal"),
    ];

    // By the value of SensorType.
    private static readonly string[] Types =
    [
        "unknown", "other", "Temperature", "Voltage", "Current", "Fan", "Counter", "Switch", "Lock", "Humidity", "Smoke Detection", "Presence", "Air Flow", "Power Consumption",
        "Power Production", "Pressure", "Physical Security",
    ];

    private readonly BmcLine _line;
    private readonly List<string> _names;
    private readonly PlotHistory _history;
    private SensorHealth _worst;

    public CimSensorsVerb(BmcLine line, PlotHistory history) => (_line, _names, _history) = (line, line.Words[1..], history);

    public override PrivilegeLevel Privilege => PrivilegeLevel.User;

    public override bool CanBeWatched => true;

    public override SensorHealth Worst => _worst;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var sensors = await target.Cim.ListAsync("CIM_Sensor", cancellationToken).ConfigureAwait(false);
        if (_names.Find(name => !sensors.Any(s => FileSystemName.MatchesSimpleExpression(name, NameOf(s)))) is { } unknown)
        {
            throw new UsageException($"{target.Host} has no sensor '{unknown}'; it has {string.Join(", ", sensors.Select(NameOf))}.");
        }

        var thresholds = _line.Has("--thresholds") ? Thresholds : [];
        var rows = new BmcRows(["sensor", "value", "unit", "health", "states", "type", "id", .. thresholds.Select(t => t.Column)]);
        foreach (var sensor in sensors.Where(s => _names.Count == 0 || _names.Exists(name => FileSystemName.MatchesSimpleExpression(name, NameOf(s)))))
        {
            var health = HealthOf(sensor.Number("HealthState"));
            _worst = health > _worst ? health : _worst;
            _history.Add(target.Host, NameOf(sensor), UnitOf(sensor), Value(sensor, "CurrentReading"), ThresholdsOf(sensor));
            rows.Add([
                NameOf(sensor), Value(sensor, "CurrentReading"), UnitOf(sensor), SensorsVerb.HealthText(health),
                (sensor["CurrentState"] ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries).ToList(),
                sensor.Number("SensorType") is { } type && type >= 0 && type < Types.Length ? type == 1 && sensor["OtherSensorTypeDescription"] is { Length: > 0 } other ? other : Types[type] : "unknown",
                sensor["DeviceID"] ?? "", .. thresholds.Select(t => (object?)Value(sensor, t.Property)),
            ]);
        }

        return rows;
    }

    private static SensorThresholds ThresholdsOf(CimRow sensor) => new()
    {
        LowerNonRecoverable = Value(sensor, "LowerThresholdFatal"),
        LowerCritical = Value(sensor, "LowerThresholdCritical"),
        LowerNonCritical = Value(sensor, "LowerThresholdNonCritical"),
        UpperNonCritical = Value(sensor, "UpperThresholdNonCritical"),
        UpperCritical = Value(sensor, "UpperThresholdCritical"),
        UpperNonRecoverable = Value(sensor, "UpperThresholdFatal"),
    };

    // ElementName is for people, and not everybody fills it.
    private static string NameOf(CimRow sensor) => sensor["ElementName"] is { Length: > 0 } element ? element : sensor["Name"] is { Length: > 0 } name ? name : sensor["DeviceID"] ?? "";

    // The integer times the power of ten, as a decimal number without the noise of binary fractions.
    private static double? Value(CimRow sensor, string property) => sensor.Number(property) is { } number
        ? (double)(number * Power(sensor.Number("UnitModifier") ?? 0))
        : null;

    private static decimal Power(int exponent)
    {
        var power = 1m;
        for (var i = Math.Min(Math.Abs(exponent), 20); i > 0; i--)
        {
            power = exponent < 0 ? power / 10 : power * 10;
        }

        return power;
    }

    // CIM's BaseUnits begin with IPMI's, one higher.
    private static string UnitOf(CimRow sensor) => sensor.Number("BaseUnits") switch
    {
        null or 0 or 1 => "",
        65 => "percent",
        { } unit and <= 20 => new SensorUnit((byte)(unit - 1), 0, 0, 0, false).ToString(),
        var unit => $"unit {unit}",
    };

    private static SensorHealth HealthOf(int? state) => state switch
    {
        5 => SensorHealth.Ok,
        10 or 15 => SensorHealth.NonCritical,
        20 or 25 => SensorHealth.Critical,
        30 => SensorHealth.NonRecoverable,
        _ => SensorHealth.Unknown,
    };
}

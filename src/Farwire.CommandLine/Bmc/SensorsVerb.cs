using System.Globalization;
using System.IO.Enumeration;
using Farwire.CommandLine.Grammar;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc;

/// <summary><c>farwire bmc sensors [NAME …]</c>: readings, states and thresholds.</summary>
internal sealed class SensorsVerb(BmcLine line, PlotHistory history) : BmcVerb
{
    private static readonly Dictionary<string, ThresholdMask> ThresholdNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lnr"] = ThresholdMask.LowerNonRecoverable, ["lcr"] = ThresholdMask.LowerCritical, ["lnc"] = ThresholdMask.LowerNonCritical,
        ["unc"] = ThresholdMask.UpperNonCritical, ["ucr"] = ThresholdMask.UpperCritical, ["unr"] = ThresholdMask.UpperNonRecoverable,
    };

    private readonly List<string> _names = line.Words[1..];
    private SensorHealth _worst;

    public override PrivilegeLevel Privilege => line.Has("--set") ? PrivilegeLevel.Operator : PrivilegeLevel.User;

    public override bool CanBeWatched => !line.Has("--set");

    public override SensorHealth Worst => _worst;

    public override async ValueTask<BmcRows> RunAsync(BmcTarget target, CancellationToken cancellationToken)
    {
        var withThresholds = line.Has("--thresholds") || line.Has("--set") || line.Has("--svg");
        var repository = await target.Client.Sdr.ReadAsync(cancellationToken).ConfigureAwait(false);
        var chosen = repository.Sensors.Where(s => s is not EventOnlyRecord && Wanted(s.Name)).ToList();
        if (_names.Find(name => !repository.Sensors.Any(s => FileSystemName.MatchesSimpleExpression(name, s.Name))) is { } unknown)
        {
            throw new UsageException($"{target.Host} has no sensor '{unknown}'; it has {string.Join(", ", repository.Sensors.Select(s => s.Name))}.");
        }

        if (line.Has("--set"))
        {
            await SetAsync(target, chosen, cancellationToken).ConfigureAwait(false);
        }

        string[] thresholdColumns = line.Has("--thresholds") || line.Has("--set") ? [.. ThresholdNames.Keys] : [];
        var rows = new BmcRows(["sensor", "value", "unit", "health", "states", "type", "entity", "number", .. thresholdColumns]);
        foreach (var sensor in chosen)
        {
            var reading = await target.Client.Sensors.ReadAsync(sensor, withThresholds, cancellationToken).ConfigureAwait(false);
            history.Add(target.Host, reading);
            _worst = reading.Health > _worst ? reading.Health : _worst;
            rows.Add([
                sensor.Name, Rounded(reading), reading.Unit.ToString(), HealthText(reading.Health), reading.StateTexts.ToList(), sensor.SensorType.Name(),
                sensor.Entity.ToString(), (int)sensor.Number, .. thresholdColumns.Select(name => (object?)reading.Thresholds?[ThresholdNames[name]]),
            ]);
        }

        return rows;
    }

    public static string HealthText(SensorHealth health) => health switch
    {
        SensorHealth.Ok => "ok",
        SensorHealth.NonCritical => "warning",
        SensorHealth.Critical => "critical",
        SensorHealth.NonRecoverable => "fatal",
        _ => "unknown",
    };

    private bool Wanted(string name) => _names.Count == 0 || _names.Exists(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));

    // As many digits as the sensor tells apart.
    private static double? Rounded(SensorReading reading) =>
        reading.Value is null ? null : double.Parse(reading.ValueText, CultureInfo.InvariantCulture);

    // --set unc=85 --set ucr=90 on exactly one sensor
    private async ValueTask SetAsync(BmcTarget target, List<SensorRecord> chosen, CancellationToken cancellationToken)
    {
        if (chosen is not [FullSensorRecord sensor])
        {
            throw new UsageException("--set is for one sensor that has thresholds: name it.");
        }

        var values = new Dictionary<ThresholdMask, double>();
        foreach (var setting in line.All("--set"))
        {
            if (setting.Split('=') is not [var name, var text] || !ThresholdNames.TryGetValue(name, out var threshold)
                || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw new UsageException($"--set takes {string.Join('|', ThresholdNames.Keys)}=VALUE, not '{setting}'.");
            }

            values[threshold] = value;
        }

        try
        {
            await target.Client.Sensors.SetThresholdsAsync(sensor, Thresholds(values), cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static SensorThresholds Thresholds(Dictionary<ThresholdMask, double> values)
    {
        return new SensorThresholds
        {
            LowerNonRecoverable = Value(ThresholdMask.LowerNonRecoverable),
            LowerCritical = Value(ThresholdMask.LowerCritical),
            LowerNonCritical = Value(ThresholdMask.LowerNonCritical),
            UpperNonCritical = Value(ThresholdMask.UpperNonCritical),
            UpperCritical = Value(ThresholdMask.UpperCritical),
            UpperNonRecoverable = Value(ThresholdMask.UpperNonRecoverable),
        };

        double? Value(ThresholdMask threshold) => values.TryGetValue(threshold, out var value) ? value : null;
    }
}

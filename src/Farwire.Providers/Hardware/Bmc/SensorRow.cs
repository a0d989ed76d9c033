using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Ipmi;
using Farwire.Ipmi.Sdr;
using Farwire.Ipmi.Sensor;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>A sensor of a controller with its reading.</summary>
internal sealed record SensorRow(Controller Controller, SensorReading Reading)
{
    public SensorRecord Sensor => Reading.Sensor;

    /// <summary>The sensors that one can read, of the controllers that the question is about.</summary>
    public static Func<CimNeed, CancellationToken, IAsyncEnumerable<SensorRow>> Of(Controllers controllers, bool numeric) => (need, cancellationToken) =>
    {
        var withThresholds = numeric && need.Needs(
            "LowerThresholdNonCritical", "LowerThresholdCritical", "LowerThresholdFatal", "UpperThresholdNonCritical", "UpperThresholdCritical", "UpperThresholdFatal");
        var withReading = need.Needs("CurrentReading", "CurrentState", "HealthState", "OperationalStatus", "EnabledState", "Status");
        return controllers.AskAllAsync<SensorRow>(need, "SystemName", async (controller, client, token) =>
        {
            var repository = await client.Sdr.ReadAsync(token).ConfigureAwait(false);
            var rows = new List<SensorRow>();
            foreach (var sensor in repository.Sensors.Where(s => s is not EventOnlyRecord && IsNumeric(s) == numeric))
            {
                if (need.Fixed("DeviceID") is { } id && id != HardwareNames.DeviceId(sensor))
                {
                    continue;
                }

                rows.Add(new SensorRow(controller, withReading || withThresholds
                    ? await client.Sensors.ReadAsync(sensor, withThresholds, token).ConfigureAwait(false)
                    : new SensorReading { Sensor = sensor }));
            }

            return rows;
        }, cancellationToken);
    };

    public static bool IsNumeric(SensorRecord sensor) => sensor is FullSensorRecord { HasThresholds: true, Factors.Format: not AnalogFormat.None };

    /// <summary>The lines that both classes of sensors have.</summary>
    public static CimTable<SensorRow> Lines(CimSchema schema, Controllers controllers) => new(schema, "CIM_Sensor", Of(controllers, numeric: false))
    {
        ["SystemCreationClassName"] = _ => HardwareNames.ComputerSystem,
        ["SystemName"] = r => r.Controller.Name,
        ["DeviceID"] = r => HardwareNames.DeviceId(r.Sensor),
        ["Caption"] = r => HardwareNames.Caption(r.Sensor),
        ["Description"] = r => HardwareNames.Description(r.Sensor),
        ["Name"] = r => r.Sensor.Name,
        ["ElementName"] = r => r.Sensor.Name,
        ["SensorType"] = r => SensorTypeOf(r),
        ["OtherSensorTypeDescription"] = r => SensorTypeOf(r) == 1 ? r.Sensor.SensorType.Name() : null,
        ["CurrentState"] = r => CurrentState(r.Reading),
        ["PossibleStates"] = r => PossibleStates(r.Sensor),
        ["HealthState"] = r => HealthState(r.Reading.Health),
        ["OperationalStatus"] = r => (uint[])[OperationalStatus(r.Reading.Health)],
        ["EnabledState"] = r => r.Reading.CompletionCode != CompletionCode.Ok ? 5u : r.Reading.IsScanned ? 2u : 3u, // 5: not applicable
        ["RequestedState"] = _ => 12u, // not applicable
        ["EnabledDefault"] = _ => 2u,
    };

    // CIM_Sensor.SensorType
    private static uint SensorTypeOf(SensorRow row) => row.Sensor.SensorType switch
    {
        SensorType.Temperature => 2,
        SensorType.Voltage => 3,
        SensorType.Current => 4,
        SensorType.Fan => 5,
        SensorType.PhysicalSecurity => 16,
        SensorType.EntityPresence => 11,
        SensorType.OtherUnits when row.Reading.Unit.BaseCode == 6 => 13, // watts: power consumption
        _ => 1,
    };

    private static CimValue PossibleStates(SensorRecord sensor) => sensor.HasThresholds
        ? (string[])["Unknown", "Fatal", "Normal", "Upper Fatal", "Upper Critical", "Upper Non-Critical", "Lower Non-Critical", "Lower Critical", "Lower Fatal"]
        : sensor.PossibleStates is { Count: > 0 } states ? states.ToArray() : null;

    private static string CurrentState(SensorReading reading)
    {
        if (!reading.IsAvailable)
        {
            return "Unknown";
        }

        if (!reading.Sensor.HasThresholds)
        {
            return reading.States == 0 ? "Normal" : string.Join(", ", reading.StateTexts);
        }

        return reading.States switch
        {
            var s when (s & 0x20) != 0 => "Upper Fatal",
            var s when (s & 0x04) != 0 => "Lower Fatal",
            var s when (s & 0x10) != 0 => "Upper Critical",
            var s when (s & 0x02) != 0 => "Lower Critical",
            var s when (s & 0x08) != 0 => "Upper Non-Critical",
            var s when (s & 0x01) != 0 => "Lower Non-Critical",
            _ => "Normal",
        };
    }

    public static uint HealthState(SensorHealth health) => health switch
    {
        SensorHealth.Ok => 5,
        SensorHealth.NonCritical => 10,
        SensorHealth.Critical => 25,
        SensorHealth.NonRecoverable => 30,
        _ => 0,
    };

    private static uint OperationalStatus(SensorHealth health) => health switch
    {
        SensorHealth.Ok => 2,
        SensorHealth.NonCritical => 3,
        SensorHealth.Critical => 6,
        SensorHealth.NonRecoverable => 7,
        _ => 0,
    };
}

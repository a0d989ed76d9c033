using Farwire.Cim.Instances;
using Farwire.Ipmi.Sensor;
using Farwire.Protocol.Faults;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>Sets the two thresholds that a client may set, and tells when the controller did not take them.</summary>
internal sealed class NumericSensorChanges(Controllers controllers)
{
    public async ValueTask PutAsync(SensorRow row, CimChanges changes, CancellationToken cancellationToken)
    {
        if (changes.NotWritable.FirstOrDefault(name => name.Contains("Threshold", StringComparison.Ordinal)) is { } refused)
        {
            throw FaultCatalog.InvalidRepresentation.Fault(
                $"{refused} cannot be written; of the thresholds only LowerThresholdNonCritical and UpperThresholdNonCritical can.");
        }

        if (!changes.Names.Any())
        {
            return;
        }

        row.Controller.DemandRightOf(changes.Caller);
        var sensor = NumericSensorClass.Full(row);
        var wanted = new SensorThresholds
        {
            LowerNonCritical = Wanted("LowerThresholdNonCritical"),
            UpperNonCritical = Wanted("UpperThresholdNonCritical"),
        };
        try
        {
            var set = await row.Controller.DemandAsync((client, token) => client.Sensors.SetThresholdsAsync(sensor, wanted, token), cancellationToken).ConfigureAwait(false);
            Check(ThresholdMask.LowerNonCritical, set);
            Check(ThresholdMask.UpperNonCritical, set);
        }
        catch (ArgumentException e)
        {
            throw FaultCatalog.InvalidRepresentation.Fault($"{row.Controller.Name}: {e.Message}");
        }

        double? Wanted(string property) => changes[property] is { IsNull: false } value ? CimUnits.Value(sensor, value.AsInt64()) : null;

        // A controller rounds to its counts; farther off, it did not take the value.
        void Check(ThresholdMask threshold, SensorThresholds? set)
        {
            if (wanted[threshold] is { } value && (set?[threshold] is not { } now || Math.Abs(now - value) > sensor.Factors.Resolution))
            {
                controllers.ThresholdWithoutEffect(row.Controller.Name, sensor.Name, threshold);
            }
        }
    }
}

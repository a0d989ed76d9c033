using Farwire.Cim.Instances;
using Farwire.Ipmi.Sensor;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>The methods of NumericSensor that a controller can do.</summary>
internal static class NumericSensorMethods
{
    public static ValueTask<CimOutcome> InvokeAsync(SensorRow row, CimCall call, CancellationToken cancellationToken) => call.Method.Name switch
    {
        "RestoreDefaultThresholds" => RestoreAsync(row, call, cancellationToken),
        "GetNonLinearFactors" => FactorsAsync(row, call, cancellationToken),
        _ => ValueTask.FromResult(MethodResult.NotSupported),
    };

    // The record holds the thresholds that the controller begins with.
    private static async ValueTask<CimOutcome> RestoreAsync(SensorRow row, CimCall call, CancellationToken cancellationToken)
    {
        row.Controller.DemandRightOf(call.Caller);
        var sensor = NumericSensorClass.Full(row);
        if (sensor.Capabilities.Thresholds != SensorAccess.Settable || sensor.SettableThresholds == ThresholdMask.None)
        {
            return MethodResult.NotSupported;
        }

        await row.Controller.DemandAsync((client, token) => client.Sensors.SetThresholdsAsync(sensor, sensor.InitialThresholds, token), cancellationToken).ConfigureAwait(false);
        return MethodResult.Done;
    }

    private static async ValueTask<CimOutcome> FactorsAsync(SensorRow row, CimCall call, CancellationToken cancellationToken)
    {
        var sensor = NumericSensorClass.Full(row);
        if (sensor.Factors.IsLinear || call["SensorReading"].IsNull
            || sensor.Factors.Nearest(CimUnits.Value(sensor, call["SensorReading"].AsInt64())) is not { } raw)
        {
            return MethodResult.NotSupported;
        }

        var factors = sensor.Factors.DependsOnReading
            ? await row.Controller.DemandAsync((client, token) => client.Sensors.GetReadingFactorsAsync(sensor, raw, token), cancellationToken).ConfigureAwait(false)
            : sensor.Factors;
        return MethodResult.Done with
        {
            Output = new Dictionary<string, CimValue>
            {
                ["Accuracy"] = CimUnits.Hundredths(factors.Accuracy),
                ["Resolution"] = (uint?)CimUnits.Integer(sensor, factors.Resolution),
                ["Tolerance"] = CimUnits.Integer(sensor, factors.Tolerance * factors.Resolution / 2),
                ["Hysteresis"] = (uint?)CimUnits.Integer(sensor, sensor.PositiveHysteresis * factors.Resolution),
            },
        };
    }
}

/// <summary>What the methods of the classes return.</summary>
/// <remarks>CIM_EnabledLogicalElement.RequestStateChange and its likes.</remarks>
internal static class MethodResult
{
    public static CimOutcome Done { get; } = new(0u);

    public static CimOutcome NotSupported { get; } = new(1u);

    public static CimOutcome TimedOut { get; } = new(3u);

    public static CimOutcome Failed { get; } = new(4u);

    public static CimOutcome InvalidParameter { get; } = new(5u);

    /// <summary>Changes a controller; what it refuses is a value, silence and missing rights are faults.</summary>
    public static async ValueTask<CimOutcome> OfAsync(
        Controller controller, CimCall call, Func<Ipmi.IpmiClient, CancellationToken, ValueTask> action, CancellationToken cancellationToken)
    {
        controller.DemandRightOf(call.Caller);
        return await controller.DemandAsync(async (client, token) =>
        {
            try
            {
                await action(client, token).ConfigureAwait(false);
                return Done;
            }
            catch (Ipmi.IpmiCompletionException e) when (e.Code != Ipmi.CompletionCode.InsufficientPrivilege)
            {
                return e.Code switch
                {
                    Ipmi.CompletionCode.InvalidCommand or Ipmi.CompletionCode.InvalidForLun => NotSupported,
                    Ipmi.CompletionCode.TimedOut => TimedOut,
                    _ => Failed,
                };
            }
        }, cancellationToken).ConfigureAwait(false);
    }
}

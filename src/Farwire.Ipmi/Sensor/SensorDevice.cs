using Farwire.Ipmi.Sdr;

namespace Farwire.Ipmi.Sensor;

/// <summary>The sensors of a controller.</summary>
/// <remarks>IPMI 2.0, "Sensor Device Commands".</remarks>
public sealed class SensorDevice
{
    private const byte Controller = 0x20;

    private readonly IpmiClient _client;

    internal SensorDevice(IpmiClient client) => _client = client;

    /// <summary>Reads all sensors, in the order of their records. One that cannot be read says why and does not hinder the others.</summary>
    public async ValueTask<IReadOnlyList<SensorReading>> ReadAllAsync(bool withThresholds = false, CancellationToken cancellationToken = default)
    {
        var repository = await _client.Sdr.ReadAsync(cancellationToken).ConfigureAwait(false);
        var readings = new List<SensorReading>(repository.Sensors.Count);
        foreach (var sensor in repository.Sensors)
        {
            readings.Add(await ReadAsync(sensor, withThresholds, cancellationToken).ConfigureAwait(false));
        }

        return readings;
    }

    /// <summary>Reads one sensor.</summary>
    public async ValueTask<SensorReading> ReadAsync(SensorRecord sensor, bool withThresholds = false, CancellationToken cancellationToken = default)
    {
        // Event-only sensors have nothing to read, and sensors of other controllers must not be mistaken for ours of the same number.
        if (sensor is EventOnlyRecord || sensor.Owner != Controller)
        {
            return new SensorReading { Sensor = sensor, CompletionCode = CompletionCode.NotPresent };
        }

        var command = new GetSensorReading(sensor);
        var response = await _client.TryAsync(command, cancellationToken).ConfigureAwait(false);
        if (response.CompletionCode != CompletionCode.Ok)
        {
            return new SensorReading { Sensor = sensor, CompletionCode = response.CompletionCode };
        }

        var raw = IpmiClient.Read(command, response);
        var available = raw is { IsScanned: true, IsUnavailable: false };
        return new SensorReading
        {
            Sensor = sensor,
            IsAvailable = available,
            IsScanned = raw.IsScanned,
            Raw = available ? raw.Reading : null,
            Value = available ? await ValueAsync(sensor, raw.Reading, cancellationToken).ConfigureAwait(false) : null,
            States = raw.States,
            Thresholds = withThresholds ? await GetThresholdsAsync(sensor, cancellationToken).ConfigureAwait(false) : null,
        };
    }

    /// <summary>The thresholds, or null when the sensor has none that can be read.</summary>
    public async ValueTask<SensorThresholds?> GetThresholdsAsync(SensorRecord sensor, CancellationToken cancellationToken = default)
    {
        if (sensor is not FullSensorRecord { HasThresholds: true, Capabilities.Thresholds: SensorAccess.Readable or SensorAccess.Settable } full
            || full.Owner != Controller)
        {
            return null;
        }

        var command = new GetThresholds(full);
        var response = await _client.TryAsync(command, cancellationToken).ConfigureAwait(false);
        return response.CompletionCode == CompletionCode.Ok ? IpmiClient.Read(command, response).Convert(full.Factors) : null;
    }

    /// <summary>Sets the thresholds that are not null, and gives back what the controller has then.</summary>
    /// <exception cref="ArgumentException">The sensor does not let one of them be set, or cannot express its value.</exception>
    /// <exception cref="IpmiCompletionException">The controller refuses.</exception>
    public async ValueTask<SensorThresholds?> SetThresholdsAsync(FullSensorRecord sensor, SensorThresholds thresholds, CancellationToken cancellationToken = default)
    {
        var values = new byte[RawThresholds.Count];
        var mask = ThresholdMask.None;
        for (var i = 0; i < RawThresholds.Count; i++)
        {
            var threshold = (ThresholdMask)(1 << i);
            if (thresholds[threshold] is not { } value)
            {
                continue;
            }

            if (sensor.Capabilities.Thresholds != SensorAccess.Settable || (sensor.SettableThresholds & threshold) == 0)
            {
                throw new ArgumentException($"{sensor.Name}: the threshold {threshold} cannot be set.", nameof(thresholds));
            }

            values[i] = sensor.Factors.Nearest(value) ?? throw new ArgumentException(
                FormattableString.Invariant($"{sensor.Name} cannot express {value} {sensor.Unit}; it reaches from {sensor.Factors.Convert(sensor.SensorMinimum)} to {sensor.Factors.Convert(sensor.SensorMaximum)}."),
                nameof(thresholds));
            mask |= threshold;
        }

        await _client.SendAsync(new SetThresholds(sensor, new RawThresholds(mask, values)), cancellationToken).ConfigureAwait(false);
        return await GetThresholdsAsync(sensor, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The factors at a reading, of a sensor whose factors depend on it.</summary>
    public ValueTask<ReadingFactors> GetReadingFactorsAsync(FullSensorRecord sensor, byte reading, CancellationToken cancellationToken = default) =>
        _client.SendAsync(new GetReadingFactors(sensor, reading), cancellationToken);

    /// <summary>How far a reading must come back before a state ends, in counts: above and below.</summary>
    public ValueTask<(byte Positive, byte Negative)> GetHysteresisAsync(SensorRecord sensor, CancellationToken cancellationToken = default) =>
        _client.SendAsync(new GetHysteresis(sensor), cancellationToken);

    /// <summary>Sets the hysteresis, in counts.</summary>
    public async ValueTask SetHysteresisAsync(SensorRecord sensor, byte positive, byte negative, CancellationToken cancellationToken = default) =>
        await _client.SendAsync(new SetHysteresis(sensor, positive, negative), cancellationToken).ConfigureAwait(false);

    private async ValueTask<double?> ValueAsync(SensorRecord sensor, byte raw, CancellationToken cancellationToken)
    {
        if (sensor is not FullSensorRecord { Factors: var factors } full)
        {
            return null;
        }

        if (!factors.DependsOnReading)
        {
            return factors.Convert(raw);
        }

        var here = await _client.SendAsync(new GetReadingFactors(full, raw), cancellationToken).ConfigureAwait(false);
        return here.Convert(raw);
    }
}

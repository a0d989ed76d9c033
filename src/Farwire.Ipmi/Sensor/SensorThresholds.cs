namespace Farwire.Ipmi.Sensor;

/// <summary>Where a reading becomes a warning, critical, or beyond repair; null for a threshold that the sensor has not.</summary>
/// <remarks>IPMI 2.0, "Get Sensor Thresholds Command", "Set Sensor Thresholds Command". In the sensor's unit.</remarks>
public sealed record SensorThresholds
{
    /// <summary>Below it: a warning.</summary>
    public double? LowerNonCritical { get; init; }

    /// <summary>Below it: critical.</summary>
    public double? LowerCritical { get; init; }

    /// <summary>Below it: beyond repair.</summary>
    public double? LowerNonRecoverable { get; init; }

    /// <summary>Above it: a warning.</summary>
    public double? UpperNonCritical { get; init; }

    /// <summary>Above it: critical.</summary>
    public double? UpperCritical { get; init; }

    /// <summary>Above it: beyond repair.</summary>
    public double? UpperNonRecoverable { get; init; }

    /// <summary>The value of one threshold.</summary>
    public double? this[ThresholdMask threshold] => threshold switch
    {
        ThresholdMask.LowerNonCritical => LowerNonCritical,
        ThresholdMask.LowerCritical => LowerCritical,
        ThresholdMask.LowerNonRecoverable => LowerNonRecoverable,
        ThresholdMask.UpperNonCritical => UpperNonCritical,
        ThresholdMask.UpperCritical => UpperCritical,
        ThresholdMask.UpperNonRecoverable => UpperNonRecoverable,
        _ => null,
    };
}

/// <summary>Thresholds as bytes, in wire order: lower non-critical, critical, non-recoverable, then upper.</summary>
internal readonly record struct RawThresholds(ThresholdMask Mask, ReadOnlyMemory<byte> Values)
{
    public const int Count = 6;

    public byte? this[ThresholdMask threshold] =>
        (Mask & threshold) != 0 ? Values.Span[System.Numerics.BitOperations.TrailingZeroCount((byte)threshold)] : null;

    public SensorThresholds Convert(ReadingFactors factors)
    {
        var raw = this;
        return new SensorThresholds
        {
            LowerNonCritical = Value(ThresholdMask.LowerNonCritical),
            LowerCritical = Value(ThresholdMask.LowerCritical),
            LowerNonRecoverable = Value(ThresholdMask.LowerNonRecoverable),
            UpperNonCritical = Value(ThresholdMask.UpperNonCritical),
            UpperCritical = Value(ThresholdMask.UpperCritical),
            UpperNonRecoverable = Value(ThresholdMask.UpperNonRecoverable),
        };

        double? Value(ThresholdMask threshold) => raw[threshold] is { } b ? factors.Convert(b) : null;
    }
}

using System.Globalization;
using Farwire.Ipmi.Sdr;

namespace Farwire.Ipmi.Sensor;

/// <summary>A sensor's value and states at a moment.</summary>
/// <remarks>IPMI 2.0, "Get Sensor Reading Command".</remarks>
public sealed record SensorReading
{
    /// <summary>The sensor.</summary>
    public required SensorRecord Sensor { get; init; }

    /// <summary>True when there is a reading: the sensor is scanned and its first reading is done.</summary>
    public bool IsAvailable { get; init; }

    /// <summary>True when the controller scans the sensor.</summary>
    public bool IsScanned { get; init; }

    /// <summary>What the controller said when it could not read the sensor.</summary>
    public CompletionCode CompletionCode { get; init; }

    /// <summary>The byte of a reading that is there.</summary>
    public byte? Raw { get; init; }

    /// <summary>The value in <see cref="Unit"/>; null for sensors that have only states.</summary>
    public double? Value { get; init; }

    /// <summary>The states that are set, bit by bit.</summary>
    public ushort States { get; init; }

    /// <summary>The thresholds, when they were asked for and can be read.</summary>
    public SensorThresholds? Thresholds { get; init; }

    /// <summary>The unit.</summary>
    public SensorUnit Unit => Sensor switch
    {
        FullSensorRecord full => full.Unit,
        CompactSensorRecord compact => compact.Unit,
        _ => default,
    };

    /// <summary>The states in words.</summary>
    public IEnumerable<string> StateTexts => IsAvailable ? SensorStates.Texts(Sensor, States) : [];

    /// <summary>How well it is.</summary>
    public SensorHealth Health => IsAvailable ? SensorStates.Health(Sensor, States) : SensorHealth.Unknown;

    /// <summary>The value with as many digits as the sensor tells apart; empty when there is none.</summary>
    public string ValueText => Value is { } value && Sensor is FullSensorRecord full
        ? value.ToString("F" + Digits(full.Factors), CultureInfo.InvariantCulture)
        : "";

    private static int Digits(ReadingFactors factors) => factors.IsLinear ? Math.Clamp(-factors.RExponent, 0, 6) : 3;
}

/// <summary>How well a sensor is.</summary>
public enum SensorHealth
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>A warning.</summary>
    NonCritical,

    /// <summary>Critical.</summary>
    Critical,

    /// <summary>Beyond repair.</summary>
    NonRecoverable,
}

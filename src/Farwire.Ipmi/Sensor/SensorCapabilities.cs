namespace Farwire.Ipmi.Sensor;

/// <summary>What of a sensor can be read and set.</summary>
/// <remarks>IPMI 2.0, "Sensor Capabilities" of a full sensor record.</remarks>
/// <param name="Thresholds">The thresholds.</param>
/// <param name="Hysteresis">The hysteresis.</param>
public readonly record struct SensorCapabilities(SensorAccess Thresholds, SensorAccess Hysteresis)
{
    internal static SensorCapabilities Read(byte capabilities) =>
        new((SensorAccess)((capabilities >> 2) & 0x03), (SensorAccess)((capabilities >> 4) & 0x03));
}

/// <summary>How far something of a sensor can be reached.</summary>
public enum SensorAccess
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>It can be read.</summary>
    Readable,

    /// <summary>It can be read and set.</summary>
    Settable,

    /// <summary>It is fixed and cannot be read.</summary>
    Fixed,
}

/// <summary>Thresholds, as masks name them.</summary>
/// <remarks>IPMI 2.0, "Readable Threshold Mask".</remarks>
[Flags]
public enum ThresholdMask : byte
{
    /// <summary>No threshold.</summary>
    None = 0,

    /// <summary>Below it: a warning.</summary>
    LowerNonCritical = 0x01,

    /// <summary>Below it: critical.</summary>
    LowerCritical = 0x02,

    /// <summary>Below it: beyond repair.</summary>
    LowerNonRecoverable = 0x04,

    /// <summary>Above it: a warning.</summary>
    UpperNonCritical = 0x08,

    /// <summary>Above it: critical.</summary>
    UpperCritical = 0x10,

    /// <summary>Above it: beyond repair.</summary>
    UpperNonRecoverable = 0x20,
}

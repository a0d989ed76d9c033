namespace Farwire.Ipmi;

/// <summary>Times as controllers keep them: seconds since 1970, or since they were started.</summary>
/// <remarks>IPMI 2.0, "Timestamp Format".</remarks>
public static class IpmiTime
{
    /// <summary>The value for a time that is not known.</summary>
    public const uint Unspecified = 0xFFFF_FFFF;

    private const uint FirstAfterInitialization = 0x2000_0000;

    /// <summary>True when the clock had not been set: the value counts seconds since the controller's start.</summary>
    public static bool IsSinceStart(uint seconds) => seconds < FirstAfterInitialization;

    /// <summary>The time, or null when it is not known.</summary>
    public static DateTimeOffset? ToTime(uint seconds) => seconds == Unspecified ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);

    /// <summary>The value for a time.</summary>
    public static uint FromTime(DateTimeOffset time) => (uint)Math.Clamp(time.ToUnixTimeSeconds(), 0, Unspecified - 1);
}

namespace Farwire.Ipmi.Session;

/// <summary>What a session or a user may do; each level includes those below.</summary>
/// <remarks>IPMI 2.0, "Channel Privilege Levels".</remarks>
public enum PrivilegeLevel : byte
{
    /// <summary>Not known or not set.</summary>
    Unspecified = 0x0,

    /// <summary>May ask to be called back.</summary>
    Callback = 0x1,

    /// <summary>May read.</summary>
    User = 0x2,

    /// <summary>May control power, logs and thresholds.</summary>
    Operator = 0x3,

    /// <summary>May configure the controller.</summary>
    Administrator = 0x4,

    /// <summary>The manufacturer's own level.</summary>
    Oem = 0x5,

    /// <summary>No access.</summary>
    NoAccess = 0xF,
}

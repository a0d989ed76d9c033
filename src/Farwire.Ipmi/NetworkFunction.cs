namespace Farwire.Ipmi;

/// <summary>The family a command belongs to; a response has the odd number that follows.</summary>
/// <remarks>IPMI 2.0, "Network Function Codes".</remarks>
public enum NetworkFunction : byte
{
    /// <summary>Common chassis control and status.</summary>
    Chassis = 0x00,

    /// <summary>Bridging to another bus.</summary>
    Bridge = 0x02,

    /// <summary>Sensors and events.</summary>
    SensorEvent = 0x04,

    /// <summary>The controller itself, sessions, users and channels.</summary>
    Application = 0x06,

    /// <summary>Firmware transfer.</summary>
    Firmware = 0x08,

    /// <summary>Non-volatile storage: SDR, SEL and FRU.</summary>
    Storage = 0x0A,

    /// <summary>Configuration of LAN and serial channels.</summary>
    Transport = 0x0C,

    /// <summary>Commands of a group, named by the first data byte.</summary>
    GroupExtension = 0x2C,

    /// <summary>Commands of a manufacturer, named by the first three data bytes.</summary>
    OemGroup = 0x2E,
}

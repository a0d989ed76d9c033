namespace Farwire.Ipmi.Sensor;

/// <summary>What a sensor measures.</summary>
/// <remarks>IPMI 2.0, "Sensor Type Codes". C0h and above are the manufacturer's.</remarks>
public enum SensorType : byte
{
    /// <summary>Reserved.</summary>
    Unspecified = 0x00,

    /// <summary>Degrees.</summary>
    Temperature = 0x01,

    /// <summary>Volts.</summary>
    Voltage = 0x02,

    /// <summary>Amperes.</summary>
    Current = 0x03,

    /// <summary>Speed of a fan.</summary>
    Fan = 0x04,

    /// <summary>The case was opened.</summary>
    PhysicalSecurity = 0x05,

    /// <summary>Somebody tried to get in.</summary>
    PlatformSecurity = 0x06,

    /// <summary>A processor.</summary>
    Processor = 0x07,

    /// <summary>A power supply.</summary>
    PowerSupply = 0x08,

    /// <summary>A power domain.</summary>
    PowerUnit = 0x09,

    /// <summary>A cooling device.</summary>
    CoolingDevice = 0x0A,

    /// <summary>Anything in the unit of its record, such as watts.</summary>
    OtherUnits = 0x0B,

    /// <summary>Memory.</summary>
    Memory = 0x0C,

    /// <summary>A drive's slot.</summary>
    DriveSlot = 0x0D,

    /// <summary>Memory was resized at start.</summary>
    PostMemoryResize = 0x0E,

    /// <summary>What the firmware does while it starts the machine.</summary>
    SystemFirmwareProgress = 0x0F,

    /// <summary>Logging was turned off.</summary>
    EventLoggingDisabled = 0x10,

    /// <summary>The watchdog of IPMI 0.9 and 1.0.</summary>
    Watchdog1 = 0x11,

    /// <summary>Something about the whole system.</summary>
    SystemEvent = 0x12,

    /// <summary>A critical interrupt.</summary>
    CriticalInterrupt = 0x13,

    /// <summary>A button.</summary>
    Button = 0x14,

    /// <summary>A board.</summary>
    ModuleBoard = 0x15,

    /// <summary>A microcontroller.</summary>
    Microcontroller = 0x16,

    /// <summary>A card.</summary>
    AddInCard = 0x17,

    /// <summary>The chassis.</summary>
    Chassis = 0x18,

    /// <summary>The chip set.</summary>
    ChipSet = 0x19,

    /// <summary>Another replaceable part.</summary>
    OtherFru = 0x1A,

    /// <summary>A cable.</summary>
    Cable = 0x1B,

    /// <summary>A terminator.</summary>
    Terminator = 0x1C,

    /// <summary>Why the system started.</summary>
    SystemBoot = 0x1D,

    /// <summary>Why it could not start.</summary>
    BootError = 0x1E,

    /// <summary>The operating system starts or is installed.</summary>
    OperatingSystemBoot = 0x1F,

    /// <summary>The operating system stopped.</summary>
    OperatingSystemStop = 0x20,

    /// <summary>A slot.</summary>
    Slot = 0x21,

    /// <summary>The ACPI power state.</summary>
    AcpiPowerState = 0x22,

    /// <summary>The watchdog.</summary>
    Watchdog2 = 0x23,

    /// <summary>An alert was sent.</summary>
    PlatformAlert = 0x24,

    /// <summary>Whether a part is there.</summary>
    EntityPresence = 0x25,

    /// <summary>A monitoring circuit.</summary>
    MonitorAsic = 0x26,

    /// <summary>The network.</summary>
    Lan = 0x27,

    /// <summary>The management's own health.</summary>
    ManagementHealth = 0x28,

    /// <summary>A battery.</summary>
    Battery = 0x29,

    /// <summary>Who came and went.</summary>
    SessionAudit = 0x2A,

    /// <summary>A version changed.</summary>
    VersionChange = 0x2B,

    /// <summary>The state of a replaceable part.</summary>
    FruState = 0x2C,
}

/// <summary>The names of sensor types.</summary>
public static class SensorTypes
{
    private static readonly string[] Names =
    [
        "Reserved", "Temperature", "Voltage", "Current", "Fan", "Physical Security", "Platform Security", "Processor", "Power Supply", "Power Unit",
        "Cooling Device", "Other Units-based Sensor", "Memory", "Drive Slot", "POST Memory Resize", "System Firmware Progress",
        "Event Logging Disabled", "Watchdog 1", "System Event", "Critical Interrupt", "Button", "Module / Board", "Microcontroller", "Add-in Card",
        "Chassis", "Chip Set", "Other FRU", "Cable / Interconnect", "Terminator", "System Boot Initiated", "Boot Error", "OS Boot", "OS Stop",
        "Slot / Connector", "System ACPI Power State", "Watchdog 2", "Platform Alert", "Entity Presence", "Monitor ASIC / IC", "LAN",
        "Management Subsystem Health", "Battery", "Session Audit", "Version Change", "FRU State",
    ];

    /// <summary>The specification's name.</summary>
    public static string Name(this SensorType type) =>
        (int)type < Names.Length ? Names[(int)type] : (byte)type >= 0xC0 ? "OEM" : "Reserved";
}

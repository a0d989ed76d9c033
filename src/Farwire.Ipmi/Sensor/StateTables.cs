using System.Collections.Frozen;

namespace Farwire.Ipmi.Sensor;

/// <summary>The texts of states, by offset. The first character says how bad a state is: ~ a warning, ! critical, # beyond repair; none is normal.</summary>
/// <remarks>
/// IPMI 2.0, "Generic Event/Reading Type Codes" and "Sensor Type Codes and Data". The specification grades only generic type 07h; the other grades
/// are ours: what lost its function is critical, what may lose it or was corrected is a warning.
/// </remarks>
internal static class StateTables
{
    public const char Warning = '~';
    public const char Critical = '!';
    public const char Fatal = '#';

    /// <summary>By event/reading type, 01h to 0Ch.</summary>
    public static readonly string[][] Generic =
    [
        [],
        [
            "~Lower Non-critical - going low", "~Lower Non-critical - going high", "!Lower Critical - going low", "!Lower Critical - going high",
            "#Lower Non-recoverable - going low", "#Lower Non-recoverable - going high", "~Upper Non-critical - going low",
            "~Upper Non-critical - going high", "!Upper Critical - going low", "!Upper Critical - going high", "#Upper Non-recoverable - going low",
            "#Upper Non-recoverable - going high",
        ],
        ["Transition to Idle", "Transition to Active", "Transition to Busy"],
        ["State Deasserted", "State Asserted"],
        ["Predictive Failure Deasserted", "~Predictive Failure Asserted"],
        ["Limit Not Exceeded", "~Limit Exceeded"],
        ["Performance Met", "~Performance Lags"],
        [
            "Transition to OK", "~Transition to Non-critical from OK", "!Transition to Critical from less severe",
            "#Transition to Non-recoverable from less severe", "~Transition to Non-critical from more severe",
            "!Transition to Critical from Non-recoverable", "#Transition to Non-recoverable", "Monitor", "Informational",
        ],
        ["Device Absent", "Device Present"],
        ["Device Disabled", "Device Enabled"],
        [
            "Transition to Running", "Transition to In Test", "Transition to Power Off", "Transition to On Line", "Transition to Off Line",
            "Transition to Off Duty", "~Transition to Degraded", "Transition to Power Save", "!Install Error",
        ],
        [
            "Fully Redundant", "!Redundancy Lost", "~Redundancy Degraded", "~Non-redundant: Sufficient Resources from Redundant",
            "~Non-redundant: Sufficient Resources from Insufficient Resources", "!Non-redundant: Insufficient Resources",
            "~Redundancy Degraded from Fully Redundant", "~Redundancy Degraded from Non-redundant",
        ],
        ["D0 Power State", "D1 Power State", "D2 Power State", "D3 Power State"],
    ];

    /// <summary>By sensor type, for event/reading type 6Fh.</summary>
    public static readonly FrozenDictionary<SensorType, string[]> SensorSpecific = new Dictionary<SensorType, string[]>
    {
        [SensorType.PhysicalSecurity] =
        [
            "!General Chassis Intrusion", "!Drive Bay Intrusion", "!I/O Card Area Intrusion", "!Processor Area Intrusion", "~LAN Leash Lost",
            "~Unauthorized Dock", "!Fan Area Intrusion",
        ],
        [SensorType.PlatformSecurity] =
        [
            "~Secure Mode Violation Attempt", "~Pre-boot User Password Violation", "~Pre-boot Setup Password Violation",
            "~Pre-boot Network Boot Password Violation", "~Other Pre-boot Password Violation", "~Out-of-band Access Password Violation",
        ],
        [SensorType.Processor] =
        [
            "!IERR", "!Thermal Trip", "!FRB1/BIST Failure", "!FRB2/Hang in POST Failure", "!FRB3/Processor Startup Failure", "!Configuration Error",
            "!Uncorrectable CPU-complex Error", "Presence Detected", "~Processor Disabled", "Terminator Presence Detected",
            "~Processor Automatically Throttled", "!Machine Check Exception", "~Correctable Machine Check Error",
        ],
        [SensorType.PowerSupply] =
        [
            "Presence Detected", "!Failure Detected", "~Predictive Failure", "!Input Lost", "!Input Lost or Out-of-range",
            "~Input Out-of-range but Present", "!Configuration Error", "Inactive",
        ],
        [SensorType.PowerUnit] =
        [
            "Power Off", "Power Cycle", "!240VA Power Down", "!Interlock Power Down", "!Power Input Lost", "!Soft Power Control Failure",
            "!Failure Detected", "~Predictive Failure",
        ],
        [SensorType.Memory] =
        [
            "~Correctable ECC", "!Uncorrectable ECC", "!Parity", "!Memory Scrub Failed", "~Memory Device Disabled",
            "~Correctable ECC Logging Limit Reached", "Presence Detected", "!Configuration Error", "Spare", "~Memory Automatically Throttled",
            "!Critical Overtemperature",
        ],
        [SensorType.DriveSlot] =
        [
            "Drive Present", "!Drive Fault", "~Predictive Failure", "Hot Spare", "Consistency Check In Progress", "!In Critical Array",
            "!In Failed Array", "~Rebuild In Progress", "!Rebuild Aborted",
        ],
        [SensorType.SystemFirmwareProgress] = ["!System Firmware Error", "!System Firmware Hang", "System Firmware Progress"],
        [SensorType.EventLoggingDisabled] =
        [
            "~Correctable Memory Error Logging Disabled", "~Event Type Logging Disabled", "Log Area Cleared", "~All Event Logging Disabled",
            "~SEL Full", "~SEL Almost Full", "~Correctable Machine Check Error Logging Disabled",
        ],
        [SensorType.Watchdog1] =
        [
            "!BIOS Watchdog Reset", "!OS Watchdog Reset", "!OS Watchdog Shut Down", "!OS Watchdog Power Down", "!OS Watchdog Power Cycle",
            "!OS Watchdog NMI", "~OS Watchdog Expired", "~OS Watchdog Pre-timeout Interrupt",
        ],
        [SensorType.SystemEvent] =
        [
            "System Reconfigured", "OEM System Boot Event", "!Undetermined System Hardware Failure", "Entry Added to Auxiliary Log", "PEF Action",
            "Timestamp Clock Synch",
        ],
        [SensorType.CriticalInterrupt] =
        [
            "!Front Panel NMI", "!Bus Timeout", "!I/O Channel Check NMI", "!Software NMI", "!PCI PERR", "!PCI SERR", "!EISA Fail Safe Timeout",
            "~Bus Correctable Error", "!Bus Uncorrectable Error", "!Fatal NMI", "!Bus Fatal Error", "~Bus Degraded",
        ],
        [SensorType.Button] =
            ["Power Button Pressed", "Sleep Button Pressed", "Reset Button Pressed", "FRU Latch Open", "FRU Service Request Button Pressed"],
        [SensorType.ChipSet] = ["!Soft Power Control Failure", "!Thermal Trip"],
        [SensorType.Cable] = ["Connected", "!Configuration Error"],
        [SensorType.SystemBoot] =
        [
            "Initiated by Power Up", "Initiated by Hard Reset", "Initiated by Warm Reset", "User Requested PXE Boot",
            "Automatic Boot to Diagnostic", "OS Initiated Hard Reset", "OS Initiated Warm Reset", "System Restart",
        ],
        [SensorType.BootError] =
        [
            "!No Bootable Media", "!Non-bootable Disk Left in Drive", "!PXE Server Not Found", "!Invalid Boot Sector",
            "~Timeout Waiting for Selection",
        ],
        [SensorType.OperatingSystemBoot] =
        [
            "A: Boot Completed", "C: Boot Completed", "PXE Boot Completed", "Diagnostic Boot Completed", "CD-ROM Boot Completed",
            "ROM Boot Completed", "Boot Completed", "Installation Started", "Installation Completed", "~Installation Aborted",
            "!Installation Failed",
        ],
        [SensorType.OperatingSystemStop] =
        [
            "!Critical Stop During OS Load", "!Run-time Critical Stop", "OS Graceful Stop", "OS Graceful Shutdown",
            "Soft Shutdown Initiated by PEF", "~Agent Not Responding",
        ],
        [SensorType.Slot] =
        [
            "!Fault Status", "Identify Status", "Device Installed", "Ready for Device Installation", "Ready for Device Removal", "Slot Power Off",
            "Device Removal Request", "Interlock", "~Slot Disabled", "Slot Holds Spare Device",
        ],
        [SensorType.AcpiPowerState] =
        [
            "S0/G0 Working", "S1 Sleeping", "S2 Sleeping", "S3 Sleeping", "S4 Non-volatile Sleep", "S5/G2 Soft Off", "S4/S5 Soft Off",
            "G3 Mechanical Off", "Sleeping in S1, S2 or S3", "G1 Sleeping", "S5 Entered by Override", "Legacy On", "Legacy Off", "", "Unknown",
        ],
        [SensorType.Watchdog2] = ["~Timer Expired", "!Hard Reset", "!Power Down", "!Power Cycle", "", "", "", "", "~Timer Interrupt"],
        [SensorType.PlatformAlert] = ["Page", "LAN Alert", "Platform Event Trap", "SNMP Trap"],
        [SensorType.EntityPresence] = ["Present", "Absent", "Disabled"],
        [SensorType.Lan] = ["~Heartbeat Lost", "Heartbeat"],
        [SensorType.ManagementHealth] =
        [
            "~Sensor Access Degraded or Unavailable", "~Controller Access Degraded or Unavailable", "~Management Controller Off-line",
            "~Management Controller Unavailable", "~Sensor Failure", "~FRU Failure",
        ],
        [SensorType.Battery] = ["~Low", "!Failed", "Presence Detected"],
        [SensorType.SessionAudit] =
            ["Session Activated", "Session Deactivated", "~Invalid Username or Password", "~User Disabled after Invalid Passwords"],
        [SensorType.VersionChange] =
        [
            "Hardware Change Detected", "Firmware or Software Change Detected", "!Hardware Incompatibility", "!Firmware or Software Incompatibility",
            "!Unsupported Hardware Version", "!Unsupported Firmware or Software Version", "Hardware Change Successful",
            "Firmware or Software Change Successful",
        ],
        [SensorType.FruState] =
        [
            "Not Installed", "Inactive", "Activation Requested", "Activation In Progress", "Active", "Deactivation Requested",
            "Deactivation In Progress", "~Communication Lost",
        ],
    }.ToFrozenDictionary();
}

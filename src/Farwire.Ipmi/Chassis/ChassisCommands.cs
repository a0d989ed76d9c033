namespace Farwire.Ipmi.Chassis;

/// <summary>What to do with the power.</summary>
/// <remarks>IPMI 2.0, "Chassis Control Command".</remarks>
public enum ChassisControl : byte
{
    /// <summary>Off at once, without the operating system's consent.</summary>
    PowerDown = 0x00,

    /// <summary>On.</summary>
    PowerUp = 0x01,

    /// <summary>Off for at least a second, then on.</summary>
    PowerCycle = 0x02,

    /// <summary>Reset without power off.</summary>
    HardReset = 0x03,

    /// <summary>A diagnostic interrupt, for a crash dump.</summary>
    DiagnosticInterrupt = 0x04,

    /// <summary>Asks the operating system to shut down.</summary>
    SoftShutdown = 0x05,
}

/// <summary>Power and what guards it.</summary>
/// <remarks>IPMI 2.0, "Get Chassis Status Command".</remarks>
public sealed record ChassisStatus
{
    /// <summary>True when the machine has power.</summary>
    public bool IsPowered { get; init; }

    /// <summary>Too much power is drawn.</summary>
    public bool PowerOverload { get; init; }

    /// <summary>A switch keeps the power off.</summary>
    public bool Interlock { get; init; }

    /// <summary>The main power fails.</summary>
    public bool PowerFault { get; init; }

    /// <summary>Power could not be switched.</summary>
    public bool PowerControlFault { get; init; }

    /// <summary>What happens when power returns: 0 stays off, 1 as before, 2 comes on, 3 unknown.</summary>
    public byte RestorePolicy { get; init; }

    /// <summary>Why it went off last: bits for power lost, overload, interlock, fault, and "on by command".</summary>
    public byte LastPowerEvent { get; init; }

    /// <summary>The case is open.</summary>
    public bool Intrusion { get; init; }

    /// <summary>The front panel is locked.</summary>
    public bool FrontPanelLocked { get; init; }

    /// <summary>A drive fails.</summary>
    public bool DriveFault { get; init; }

    /// <summary>Cooling fails.</summary>
    public bool CoolingFault { get; init; }
}

internal sealed record GetChassisStatus : ICommand<ChassisStatus>
{
    public CommandCode Code { get; } = new(NetworkFunction.Chassis, 0x01, "Get Chassis Status");

    public void Write(ref DataWriter data)
    {
    }

    // power state · last power event · chassis state · …
    public ChassisStatus Read(ref DataReader data)
    {
        var power = data.Byte();
        var last = data.Byte();
        var state = data.Byte();
        return new ChassisStatus
        {
            IsPowered = (power & 0x01) != 0,
            PowerOverload = (power & 0x02) != 0,
            Interlock = (power & 0x04) != 0,
            PowerFault = (power & 0x08) != 0,
            PowerControlFault = (power & 0x10) != 0,
            RestorePolicy = (byte)((power >> 5) & 0x03),
            LastPowerEvent = (byte)(last & 0x1F),
            Intrusion = (state & 0x01) != 0,
            FrontPanelLocked = (state & 0x02) != 0,
            DriveFault = (state & 0x04) != 0,
            CoolingFault = (state & 0x08) != 0,
        };
    }
}

internal sealed record ControlChassis(ChassisControl Control) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.Chassis, 0x02, "Chassis Control");

    public bool Changes => true;

    public void Write(ref DataWriter data) => data.Byte((byte)Control);

    public Done Read(ref DataReader data) => default;
}

/// <remarks>IPMI 2.0, "Chassis Identify Command".</remarks>
internal sealed record IdentifyChassis(byte Seconds, bool Forever) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.Chassis, 0x04, "Chassis Identify");

    public bool Changes => true;

    public void Write(ref DataWriter data)
    {
        data.Byte(Seconds);
        if (Forever)
        {
            data.Byte(0x01);
        }
    }

    public Done Read(ref DataReader data) => default;
}

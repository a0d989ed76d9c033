namespace Farwire.Ipmi.Chassis;

/// <summary>From where the machine starts.</summary>
/// <remarks>IPMI 2.0, "Boot Option Parameters", boot flags.</remarks>
public enum BootDevice : byte
{
    /// <summary>As the firmware is set.</summary>
    None = 0x0,

    /// <summary>The network.</summary>
    Network = 0x1,

    /// <summary>The disk.</summary>
    Disk = 0x2,

    /// <summary>The disk, in safe mode.</summary>
    SafeMode = 0x3,

    /// <summary>The diagnostic partition.</summary>
    Diagnostic = 0x4,

    /// <summary>A CD or DVD.</summary>
    Optical = 0x5,

    /// <summary>The firmware's set-up.</summary>
    Setup = 0x6,

    /// <summary>A floppy or other removable disk.</summary>
    Removable = 0xF,
}

/// <summary>From where the machine starts, and for how long that holds.</summary>
/// <param name="Device">The device.</param>
/// <param name="IsValid">False when the controller forgot it, or none was set.</param>
/// <param name="IsPersistent">True for all starts, false for the next one.</param>
/// <param name="IsUefi">True for a start by UEFI.</param>
public readonly record struct BootFlags(BootDevice Device, bool IsValid, bool IsPersistent, bool IsUefi);

internal static class BootOptions
{
    public const byte SetInProgress = 0;
    public const byte Acknowledge = 4;
    public const byte Flags = 5;
}

/// <remarks>IPMI 2.0, "Get System Boot Options Command", parameter 5.</remarks>
internal sealed record GetBootFlags : ICommand<BootFlags>
{
    public CommandCode Code { get; } = new(NetworkFunction.Chassis, 0x09, "Get System Boot Options");

    public void Write(ref DataWriter data)
    {
        data.Byte(BootOptions.Flags);
        data.Byte(0);
        data.Byte(0);
    }

    // version · parameter · bit 7: valid, 6: persistent, 5: UEFI · bits 5:2: device · …
    public BootFlags Read(ref DataReader data)
    {
        data.Skip(2);
        var flags = data.Byte();
        var device = (BootDevice)((data.Byte() >> 2) & 0x0F);
        return new BootFlags(device, (flags & 0x80) != 0, (flags & 0x40) != 0, (flags & 0x20) != 0);
    }
}

/// <remarks>IPMI 2.0, "Set System Boot Options Command".</remarks>
internal sealed record SetBootOption(byte Parameter, ReadOnlyMemory<byte> Value) : ICommand<Done>
{
    public CommandCode Code { get; } = new(NetworkFunction.Chassis, 0x08, "Set System Boot Options");

    public bool Changes => true;

    public static SetBootOption Of(BootFlags flags) => new(BootOptions.Flags, new byte[]
    {
        (byte)(0x80 | (flags.IsPersistent ? 0x40 : 0) | (flags.IsUefi ? 0x20 : 0)), (byte)((byte)flags.Device << 2), 0, 0, 0,
    });

    public void Write(ref DataWriter data)
    {
        data.Byte(Parameter);
        data.Bytes(Value.Span);
    }

    public Done Read(ref DataReader data) => default;
}

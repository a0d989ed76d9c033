using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Users;

/// <summary>A way to the controller.</summary>
/// <remarks>IPMI 2.0, "Get Channel Info Command".</remarks>
/// <param name="Number">Its number.</param>
/// <param name="Medium">What it runs over: 1 IPMB, 4 LAN, 5 serial, 12 the system interface.</param>
/// <param name="Protocol">How messages are packed.</param>
/// <param name="Sessions">0 none, 1 one, 2 several, 3 by configuration.</param>
/// <param name="ActiveSessions">Those open now.</param>
public readonly record struct ChannelInfo(byte Number, byte Medium, byte Protocol, byte Sessions, byte ActiveSessions)
{
    /// <summary>The medium of a network.</summary>
    public const byte LanMedium = 0x04;

    private static readonly string[] Media =
    [
        "reserved", "IPMB (I2C)", "ICMB v1.0", "ICMB v0.9", "802.3 LAN", "Serial/Modem", "Other LAN", "PCI SMBus", "SMBus v1.0/v1.1", "SMBus v2.0",
        "USB 1.x", "USB 2.x", "System Interface",
    ];

    /// <summary>The medium in words.</summary>
    public string MediumName => Medium < Media.Length ? Media[Medium] : "OEM";
}

internal sealed record GetChannelInfo(byte Channel) : ICommand<ChannelInfo>
{
    /// <summary>The channel that the question comes by.</summary>
    public const byte ThisChannel = 0x0E;

    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x42, "Get Channel Info");

    public void Write(ref DataWriter data) => data.Byte(Channel);

    // channel · medium · protocol · bits 7:6 sessions, count of active · vendor (3) · auxiliary (2)
    public ChannelInfo Read(ref DataReader data)
    {
        var number = (byte)(data.Byte() & 0x0F);
        var medium = (byte)(data.Byte() & 0x7F);
        var protocol = (byte)(data.Byte() & 0x1F);
        var sessions = data.Byte();
        return new ChannelInfo(number, medium, protocol, (byte)(sessions >> 6), (byte)(sessions & 0x3F));
    }
}

/// <summary>Who may come by a channel, and when.</summary>
/// <param name="Mode">0 closed, 1 before the system runs, 2 always, 3 shared with the system.</param>
/// <param name="UserLevelAuthentication">True when messages of the level User are authenticated too.</param>
/// <param name="PerMessageAuthentication">True when each message is authenticated.</param>
/// <param name="Privilege">The highest level on it.</param>
public readonly record struct ChannelAccess(byte Mode, bool UserLevelAuthentication, bool PerMessageAuthentication, PrivilegeLevel Privilege);

/// <remarks>IPMI 2.0, "Get Channel Access Command", the active settings.</remarks>
internal sealed record GetChannelAccess(byte Channel) : ICommand<ChannelAccess>
{
    private const byte Active = 0x80;

    public CommandCode Code { get; } = new(NetworkFunction.Application, 0x41, "Get Channel Access");

    public void Write(ref DataWriter data)
    {
        data.Byte(Channel);
        data.Byte(Active);
    }

    // bit 4: no per-message, bit 3: no user-level authentication, mode · level
    public ChannelAccess Read(ref DataReader data)
    {
        var flags = data.Byte();
        return new ChannelAccess((byte)(flags & 0x07), (flags & 0x08) == 0, (flags & 0x10) == 0, (PrivilegeLevel)(data.Byte() & 0x0F));
    }
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Network;

/// <summary>What holds for an interface.</summary>
/// <remarks>netdevice(7), "ifr_flags".</remarks>
[Flags]
public enum LinkFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An administrator switched it on.</summary>
    Up = 1,

    /// <summary>It leads back to this system.</summary>
    Loopback = 8,

    /// <summary>It connects exactly two.</summary>
    PointToPoint = 16,

    /// <summary>It is on and has a carrier.</summary>
    Running = 64,
}

/// <summary>Whether an interface can carry data.</summary>
/// <remarks>RFC 2863, "ifOperStatus", in the kernel's numbers.</remarks>
public enum LinkState : byte
{
    /// <summary>The driver does not tell.</summary>
    Unknown,

    /// <summary>The hardware is not there.</summary>
    NotPresent,

    /// <summary>No carrier, or switched off.</summary>
    Down,

    /// <summary>The interface below is down.</summary>
    LowerLayerDown,

    /// <summary>A test runs.</summary>
    Testing,

    /// <summary>It waits, for authentication as a rule.</summary>
    Dormant,

    /// <summary>It works.</summary>
    Up,
}

/// <summary>A network interface.</summary>
/// <param name="Index">The kernel's number for it.</param>
/// <param name="HardwareType">ARPHRD: 1 Ethernet, 772 loopback …</param>
/// <param name="Flags">What holds for it.</param>
/// <remarks>rtnetlink(7), "RTM_NEWLINK".</remarks>
public sealed record Link(int Index, ushort HardwareType, LinkFlags Flags)
{
    /// <summary>ARPHRD_ETHER</summary>
    public const ushort Ethernet = 1;

    /// <summary>Its name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>A name given by people.</summary>
    public string? Alias { get; private set; }

    /// <summary>The hardware address, as <c>02:FC:00:00:00:01</c>; null when it has none.</summary>
    public string? Address { get; private set; }

    /// <summary>The hardware address it was made with.</summary>
    public string? PermanentAddress { get; private set; }

    /// <summary>The largest packet, in bytes.</summary>
    public uint Mtu { get; private set; }

    /// <summary>Whether it can carry data.</summary>
    public LinkState State { get; private set; }

    /// <summary>The kind of a virtual interface, such as <c>veth</c>; null for hardware.</summary>
    public string? Kind { get; private set; }

    /// <summary>The bridge or bond it belongs to.</summary>
    public int? Master { get; private set; }

    /// <summary>What went through it.</summary>
    public LinkCounters Counters { get; private set; }

    internal void Read(ushort attribute, ReadOnlySpan<byte> value)
    {
        switch (attribute)
        {
            case 1: Address = HardwareAddress(value); break;
            case 3: Name = NetworkTables.TextOf(value); break;
            case 4: Mtu = MemoryMarshal.Read<uint>(value); break;
            case 10: Master = MemoryMarshal.Read<int>(value); break;
            case 16: State = (LinkState)value[0]; break;
            case 18: Netlink.Attributes(value, (inner, text) => Kind = inner == 1 ? NetworkTables.TextOf(text) : Kind); break;
            case 20: Alias = NetworkTables.TextOf(value); break;
            case 23: Counters = LinkCounters.Read(value); break;
            case 54: PermanentAddress = HardwareAddress(value); break;
        }
    }

    private string? HardwareAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 6)
        {
            return null;
        }

        Span<char> text = stackalloc char[17];
        for (var i = 0; i < 6; i++)
        {
            bytes[i].TryFormat(text[(3 * i)..], out _, "X2", CultureInfo.InvariantCulture);
            if (i < 5)
            {
                text[(3 * i) + 2] = ':';
            }
        }

        return Flags.HasFlag(LinkFlags.Loopback) ? null : text.ToString();
    }
}

/// <summary>What went through an interface since it was made.</summary>
/// <remarks>The kernel's rtnl_link_stats64.</remarks>
public readonly record struct LinkCounters(
    ulong ReceivedPackets, ulong SentPackets, ulong ReceivedBytes, ulong SentBytes,
    ulong ReceiveErrors, ulong SendErrors, ulong ReceiveDropped, ulong SendDropped, ulong Multicast)
{
    internal static LinkCounters Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 9 * sizeof(ulong))
        {
            return default;
        }

        var c = MemoryMarshal.Cast<byte, ulong>(bytes);
        return new LinkCounters(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]);
    }
}

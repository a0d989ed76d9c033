using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Network;

/// <summary>A route.</summary>
/// <param name="Family">The version of IP.</param>
/// <param name="PrefixLength">Bits of the destination that count; 0 is the default route.</param>
/// <param name="Protocol">Who made it: 2 the kernel, 3 at boot, 4 an administrator, 16 DHCP …</param>
/// <param name="Type">1 unicast, 2 local, 3 broadcast, 6 blackhole, 7 unreachable …</param>
/// <param name="Table">The table it stands in.</param>
/// <remarks>rtnetlink(7), "RTM_NEWROUTE".</remarks>
public sealed record Route(AddressFamily Family, int PrefixLength, byte Protocol, byte Type, uint Table)
{
    /// <summary>RT_TABLE_MAIN</summary>
    public const uint MainTable = 254;

    /// <summary>The table it stands in.</summary>
    public uint Table { get; private set; } = Table;

    /// <summary>Where it leads.</summary>
    public IPAddress Destination { get; private set; } = Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    /// <summary>The next router; null when the network is at hand.</summary>
    public IPAddress? Gateway { get; private set; }

    /// <summary>The interface; null for a route that leads nowhere or over several.</summary>
    public int? Index { get; private set; }

    /// <summary>The address that packets get.</summary>
    public IPAddress? PreferredSource { get; private set; }

    /// <summary>Of two routes the one with the smaller number is taken.</summary>
    public uint Metric { get; private set; }

    internal void Read(ushort attribute, ReadOnlySpan<byte> value)
    {
        switch (attribute)
        {
            case 1: Destination = NetworkTables.AddressOf(value) ?? Destination; break;
            case 4: Index = MemoryMarshal.Read<int>(value); break;
            case 5: Gateway = NetworkTables.AddressOf(value); break;
            case 6: Metric = MemoryMarshal.Read<uint>(value); break;
            case 7: PreferredSource = NetworkTables.AddressOf(value); break;
            case 15: Table = MemoryMarshal.Read<uint>(value); break;
        }
    }
}

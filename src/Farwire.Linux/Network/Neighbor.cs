using System.Net;

namespace Farwire.Linux.Network;

/// <summary>A machine on a network at hand, as the kernel knows it.</summary>
/// <param name="Index">The interface.</param>
/// <param name="State">NUD_… bits: 1 incomplete, 2 reachable, 4 stale, 8 delay, 16 probe, 32 failed, 64 no ARP, 128 permanent.</param>
/// <param name="Flags">NTF_… bits; 128 is a router.</param>
/// <remarks>rtnetlink(7), "RTM_NEWNEIGH".</remarks>
public sealed record Neighbor(int Index, ushort State, byte Flags)
{
    /// <summary>Its address.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>Its hardware address, such as <c>52:54:00:12:34:56</c>; null while it is not known.</summary>
    public string? LinkAddress { get; private set; }

    internal void Read(ushort attribute, ReadOnlySpan<byte> value)
    {
        switch (attribute)
        {
            case 1: Address = NetworkTables.AddressOf(value); break;
            case 2: LinkAddress = string.Join(':', value.ToArray().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))); break;
        }
    }
}

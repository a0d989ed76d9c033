using System.Net;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Network;

/// <summary>An address of an interface.</summary>
/// <param name="Index">The interface.</param>
/// <param name="PrefixLength">Bits of the address that name the network.</param>
/// <param name="Scope">How far it is valid: 0 everywhere, 253 on the link, 254 on this host.</param>
/// <remarks>rtnetlink(7), "RTM_NEWADDR".</remarks>
public sealed record LinkAddress(int Index, int PrefixLength, byte Scope)
{
    /// <summary>The address.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>IFA_F_…: 1 secondary or temporary, 8 duplicate, 0x20 deprecated, 0x40 tentative, 0x80 permanent.</summary>
    public uint Flags { get; internal set; }

    /// <summary>How long new connections may use it, in seconds; the largest number is forever.</summary>
    public uint Preferred { get; private set; } = uint.MaxValue;

    /// <summary>How long it exists, in seconds.</summary>
    public uint Valid { get; private set; } = uint.MaxValue;

    internal void Read(ushort attribute, ReadOnlySpan<byte> value)
    {
        switch (attribute)
        {
            // On a point-to-point link 1 is the other end's; 2, where it is there, is always ours.
            case 1: Address ??= NetworkTables.AddressOf(value); break;
            case 2: Address = NetworkTables.AddressOf(value); break;
            case 6: (Preferred, Valid) = (MemoryMarshal.Read<uint>(value), MemoryMarshal.Read<uint>(value[4..])); break;
            case 8: Flags = MemoryMarshal.Read<uint>(value); break;
        }
    }
}

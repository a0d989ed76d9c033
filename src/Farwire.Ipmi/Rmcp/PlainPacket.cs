using System.Buffers.Binary;

namespace Farwire.Ipmi.Rmcp;

/// <summary>A datagram outside of a session: what opens one.</summary>
/// <remarks>IPMI 2.0, "RMCP+ Session Header Format": session ID and sequence number are zero, nothing is sealed.</remarks>
internal static class PlainPacket
{
    private const int Head = RmcpHeader.Bytes + 12;

    // RMCP header · 06h · payload type · session ID 0 · sequence 0 · length · payload
    public static int Write(Span<byte> datagram, PayloadType type, ReadOnlySpan<byte> payload)
    {
        var writer = new DataWriter(datagram);
        RmcpHeader.Write(ref writer);
        writer.Byte(SessionFormat.RmcpPlus);
        writer.Byte((byte)type);
        writer.UInt32(0);
        writer.UInt32(0);
        writer.UInt16((ushort)payload.Length);
        writer.Bytes(payload);
        return writer.Length;
    }

    /// <summary>The payload of a plain packet of the wanted type; anything else is dropped.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, PayloadType type, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!RmcpHeader.IsAt(datagram) || datagram.Length < Head
            || datagram[4] != SessionFormat.RmcpPlus || datagram[5] != (byte)type
            || BinaryPrimitives.ReadUInt32LittleEndian(datagram[6..]) != 0)
        {
            return false;
        }

        // Some controllers count here; the sequence number says nothing outside of a session.
        var length = BinaryPrimitives.ReadUInt16LittleEndian(datagram[14..]);
        if (length > datagram.Length - Head)
        {
            return false;
        }

        payload = datagram.Slice(Head, length);
        return true;
    }
}

/// <summary>The first byte after the RMCP header.</summary>
/// <remarks>IPMI 2.0, "Session Header Fields", authentication type.</remarks>
internal static class SessionFormat
{
    public const byte None = 0x00;
    public const byte RmcpPlus = 0x06;
}

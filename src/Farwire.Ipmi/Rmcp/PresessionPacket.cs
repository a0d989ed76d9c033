using System.Buffers.Binary;

namespace Farwire.Ipmi.Rmcp;

/// <summary>A command before any session, in the format of IPMI 1.5, which every controller understands.</summary>
/// <remarks>IPMI 2.0, "IPMI v1.5 LAN Session Header"; authentication type none, session ID and sequence zero.</remarks>
internal static class PresessionPacket
{
    private const int Head = RmcpHeader.Bytes + 10;

    // RMCP header · 00h · sequence 0 · session ID 0 · length · message
    public static int Write(Span<byte> datagram, byte sequence, IpmiRequest request)
    {
        var writer = new DataWriter(datagram);
        RmcpHeader.Write(ref writer);
        writer.Byte(SessionFormat.None);
        writer.UInt32(0);
        writer.UInt32(0);
        writer.Byte((byte)(LanMessage.RequestOverhead + request.Data.Length));
        LanMessage.WriteRequest(ref writer, sequence, request);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (!RmcpHeader.IsAt(datagram) || datagram.Length < Head || datagram[4] != SessionFormat.None
            || BinaryPrimitives.ReadUInt32LittleEndian(datagram[9..]) != 0)
        {
            return false;
        }

        var length = datagram[13];
        if (length > datagram.Length - Head)
        {
            return false;
        }

        message = datagram.Slice(Head, length);
        return true;
    }
}

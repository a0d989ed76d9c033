using System.Buffers.Binary;
using System.Security.Cryptography;
using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Rmcp;

/// <summary>A datagram inside a session: encrypted with AES-CBC-128 and signed.</summary>
/// <remarks>
/// IPMI 2.0, "RMCP+ Packet Format", "AES-CBC Encrypted Payload Fields".
/// <code>
/// RMCP header · 06h · C0h | payload type · session ID · sequence · length of IV and cipher text
/// IV · AES( message · 01h 02h … · count of these )
/// FFh … · count of these · 07h · authentication code over all after the RMCP header
/// </code>
/// </remarks>
internal static class SealedPacket
{
    /// <summary>More than a message of 255 data bytes needs.</summary>
    public const int MaxBytes = 512;

    private const byte EncryptedAndSigned = 0xC0;
    private const byte NextHeader = 0x07;
    private const int Block = 16;
    private const int Head = RmcpHeader.Bytes + 12;

    public static int Write(Span<byte> datagram, SessionKeys keys, uint sessionId, uint sequence, ReadOnlySpan<byte> message, ReadOnlySpan<byte> initialVector)
    {
        var pad = Block - 1 - (message.Length % Block); // with its count, the text fills whole blocks
        var cipherLength = message.Length + pad + 1;
        var writer = new DataWriter(datagram);
        RmcpHeader.Write(ref writer);
        writer.Byte(SessionFormat.RmcpPlus);
        writer.Byte(EncryptedAndSigned | (byte)PayloadType.IpmiMessage);
        writer.UInt32(sessionId);
        writer.UInt32(sequence);
        writer.UInt16((ushort)(Block + cipherLength));
        writer.Bytes(initialVector);
        Span<byte> text = stackalloc byte[MaxBytes];
        text = text[..cipherLength];
        message.CopyTo(text);
        for (var i = 0; i < pad; i++)
        {
            text[message.Length + i] = (byte)(i + 1);
        }

        text[^1] = (byte)pad;
        keys.Cipher.EncryptCbc(text, initialVector, writer.Take(cipherLength), PaddingMode.None);

        // The signed part is padded to a multiple of four.
        var signed = writer.Length - RmcpHeader.Bytes + 2;
        var integrityPad = (4 - (signed % 4)) % 4;
        writer.Take(integrityPad).Fill(0xFF);
        writer.Byte((byte)integrityPad);
        writer.Byte(NextHeader);
        var end = writer.Length;
        keys.Sign(datagram[RmcpHeader.Bytes..end], writer.Take(keys.CodeBytes));
        return writer.Length;
    }

    /// <summary>Opens a datagram of the session, or says why it is dropped.</summary>
    public static PacketVerdict Open(ReadOnlySpan<byte> datagram, SessionKeys keys, uint consoleId, Span<byte> text, out uint sequence, out int length)
    {
        sequence = 0;
        length = 0;
        if (!RmcpHeader.IsAt(datagram) || datagram.Length < Head + Block + Block + 2 + keys.CodeBytes || datagram[4] != SessionFormat.RmcpPlus)
        {
            return PacketVerdict.Malformed;
        }

        // Unsigned or clear datagrams are never taken inside a session that signs and encrypts.
        if (datagram[5] != (EncryptedAndSigned | (byte)PayloadType.IpmiMessage))
        {
            return PacketVerdict.OtherPayload;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(datagram[6..]) != consoleId)
        {
            return PacketVerdict.OtherSession;
        }

        // The code is checked before anything inside is believed.
        if (!keys.Verify(datagram[RmcpHeader.Bytes..^keys.CodeBytes], datagram[^keys.CodeBytes..]))
        {
            return PacketVerdict.Forged;
        }

        sequence = BinaryPrimitives.ReadUInt32LittleEndian(datagram[10..]);
        var cipherLength = BinaryPrimitives.ReadUInt16LittleEndian(datagram[14..]) - Block;
        if (cipherLength < Block || cipherLength % Block != 0 || cipherLength > text.Length || Head + Block + cipherLength + 2 + keys.CodeBytes > datagram.Length)
        {
            return PacketVerdict.Malformed;
        }

        keys.Cipher.DecryptCbc(datagram.Slice(Head + Block, cipherLength), datagram.Slice(Head, Block), text, PaddingMode.None);
        var pad = text[cipherLength - 1];
        if (pad >= cipherLength)
        {
            return PacketVerdict.Malformed;
        }

        length = cipherLength - 1 - pad;
        return PacketVerdict.Good;
    }
}

/// <summary>What became of a datagram.</summary>
internal enum PacketVerdict
{
    Good,
    Malformed,
    OtherPayload,
    OtherSession,
    Forged,
    Repeated,
    OtherAnswer,

    /// <summary>The request was taken; its answer follows.</summary>
    OnTheWay,
}

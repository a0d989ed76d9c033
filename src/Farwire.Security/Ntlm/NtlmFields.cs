using System.Buffers.Binary;

namespace Farwire.Security.Ntlm;

/// <summary>What the three messages of NTLM share: the signature, the type, and fields that point into the payload.</summary>
/// <remarks>MS-NLMP, "Message syntax". A field is: length u16, room u16, offset u32.</remarks>
internal static class NtlmFields
{
    public static ReadOnlySpan<byte> Signature => "NTLMSSP\0"u8;

    public static bool IsNtlm(ReadOnlySpan<byte> token) => token.StartsWith(Signature);

    /// <summary>Checks signature, type and the length that the type has at least.</summary>
    public static void Check(ReadOnlySpan<byte> message, uint type, int minimum)
    {
        if (message.Length < minimum || !IsNtlm(message) || BinaryPrimitives.ReadUInt32LittleEndian(message[8..]) != type)
        {
            throw new SecurityTokenException($"NTLM message {type} was due; this is none.");
        }
    }

    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> message, int at)
    {
        if (at + 8 > message.Length)
        {
            throw new SecurityTokenException("An NTLM message ends before its fields.");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(message[at..]);
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(message[(at + 4)..]);
        if (length == 0)
        {
            return [];
        }

        return offset <= message.Length && length <= message.Length - offset
            ? message.Slice((int)offset, length)
            : throw new SecurityTokenException("A field of an NTLM message points outside of it.");
    }

    /// <summary>Writes a field and its bytes; gives where the next bytes go.</summary>
    public static int Write(Span<byte> message, int at, int payload, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(message[at..], (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message[(at + 2)..], (ushort)bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message[(at + 4)..], payload);
        bytes.CopyTo(message[payload..]);
        return payload + bytes.Length;
    }

    public static void Begin(Span<byte> message, uint type)
    {
        Signature.CopyTo(message);
        BinaryPrimitives.WriteUInt32LittleEndian(message[8..], type);
    }
}

using System.Buffers.Binary;

namespace Farwire.Client.PowerShell.Fragments;

/// <summary>A piece of a message that is larger than what carries it.</summary>
/// <remarks>MS-PSRP, "Packet Fragment". Its numbers are big-endian, those of the message inside are little-endian.</remarks>
/// <param name="ObjectId">The message; each has its own, counted from 1 on each side.</param>
/// <param name="FragmentId">The piece, counted from 0.</param>
/// <param name="IsStart">The first of its message.</param>
/// <param name="IsEnd">The last of its message.</param>
/// <param name="Blob">The bytes.</param>
internal readonly record struct Fragment(ulong ObjectId, ulong FragmentId, bool IsStart, bool IsEnd, ReadOnlyMemory<byte> Blob)
{
    /// <summary>What comes before the blob.</summary>
    public const int HeaderBytes = 8 + 8 + 1 + 4;

    private const byte Start = 1;
    private const byte End = 2;

    // ObjectId u64 · FragmentId u64 · Reserved 6 bits, E, S · BlobLength u32 · Blob

    /// <summary>Takes the first fragment off <paramref name="bytes"/>.</summary>
    /// <exception cref="PowerShellProtocolException">They end inside it.</exception>
    public static Fragment Read(ref ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < HeaderBytes)
        {
            throw new PowerShellProtocolException($"A fragment is cut off in its header: {span.Length} bytes instead of {HeaderBytes}.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(span[17..]);
        if (length > span.Length - HeaderBytes)
        {
            throw new PowerShellProtocolException($"A fragment is cut off: {span.Length - HeaderBytes} bytes instead of {length}.");
        }

        var fragment = new Fragment(
            BinaryPrimitives.ReadUInt64BigEndian(span),
            BinaryPrimitives.ReadUInt64BigEndian(span[8..]),
            (span[16] & Start) != 0,
            (span[16] & End) != 0,
            bytes.Slice(HeaderBytes, (int)length));
        bytes = bytes[(HeaderBytes + (int)length)..];
        return fragment;
    }

    /// <summary>Writes this fragment to the start of <paramref name="target"/>.</summary>
    /// <returns>How many bytes it took.</returns>
    public int Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, ObjectId);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], FragmentId);
        target[16] = (byte)((IsStart ? Start : 0) | (IsEnd ? End : 0));
        BinaryPrimitives.WriteUInt32BigEndian(target[17..], (uint)Blob.Length);
        Blob.Span.CopyTo(target[HeaderBytes..]);
        return HeaderBytes + Blob.Length;
    }
}

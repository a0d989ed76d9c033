using System.Buffers.Binary;
using Farwire.Security.Sealing;

namespace Farwire.Security.Kerberos;

/// <summary>Seals messages with a Kerberos context, header first as WinRM wants it.</summary>
/// <remarks>
/// RFC 4121, "Wrap tokens" and "Rotation": the library gives <c>header 16 | confounder 16, data, header copy 16, all encrypted | checksum</c>. Rotated
/// right by the length of what follows the data, everything that is not data stands in front of it: 60 bytes with the usual ciphers.
/// </remarks>
internal sealed class KerberosSeal(GssContext context) : IMessageSeal
{
    private const int HeaderBytes = 16;
    private const int ConfounderBytes = 16;
    private const int MaxOverhead = 256;
    private const int RotationAt = 6;
    private const int NumberAt = 8;

    private ulong? _next;

    public string Protocol => SealedProtocol.Kerberos;

    public int MaxPartBytes => int.MaxValue;

    public int MaxSealedBytes(int plainBytes) => plainBytes + MaxOverhead;

    public SealedLength Seal(ReadOnlySpan<byte> plain, Span<byte> target)
    {
        ReadOnlySpan<byte> wrapped = context.Wrap(plain);
        var tail = wrapped.Length - HeaderBytes - ConfounderBytes - plain.Length;
        if (!wrapped.StartsWith("\x05\x04"u8) || tail < HeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(wrapped[RotationAt..]) != 0)
        {
            throw new SecurityTokenException("The Kerberos key is of an old kind (RC4 or DES), which cannot seal messages of WinRM; use AES keys.");
        }

        wrapped[..HeaderBytes].CopyTo(target);
        BinaryPrimitives.WriteUInt16BigEndian(target[RotationAt..], (ushort)tail); // not under the checksum
        wrapped[^tail..].CopyTo(target[HeaderBytes..]);
        wrapped[HeaderBytes..^tail].CopyTo(target[(HeaderBytes + tail)..]);
        return new SealedLength(wrapped.Length - plain.Length, wrapped.Length);
    }

    public long PartLength(ReadOnlySpan<byte> rest, int headerBytes, int plainBytes) => (long)headerBytes + plainBytes;

    public Span<byte> Open(Span<byte> part, int headerBytes)
    {
        if (part.Length < HeaderBytes + ConfounderBytes || !part.StartsWith("\x05\x04"u8))
        {
            throw new SecurityTokenException("A sealed message has no Kerberos header.");
        }

        // The library looks for repeats only when the client asked it to; the number is under the checksum, so it is looked at here always.
        var number = BinaryPrimitives.ReadUInt64BigEndian(part[NumberAt..]);
        var plain = part[..context.Unwrap(part)];
        if (_next is { } next && number != next)
        {
            throw new SecurityTokenException("A Kerberos message came again or out of order.");
        }

        _next = number + 1;
        return plain;
    }
}

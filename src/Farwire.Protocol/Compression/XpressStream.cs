using System.Buffers;
using System.Buffers.Binary;

namespace Farwire.Protocol.Compression;

/// <summary>The bytes of one stream element in compressed form: blocks of at most 64 KiB, each packed or, where that does not pay, plain.</summary>
/// <remarks>MS-WSMV, "CompressionType" and MS-XCA. Two words before each block tell its plain and its stored length, less one.</remarks>
public static class XpressStream
{
    /// <summary>The name of the compression in <c>rsp:CompressionType</c>.</summary>
    public const string Name = "xpress";

    /// <summary>Blocks below this are left plain, as Windows does: the table alone has 256 bytes.</summary>
    private const int WorthBytes = 266;
    private const int HeadBytes = 4;

    [ThreadStatic]
    private static XpressEncoder? _encoder;

    /// <summary>Bytes that <paramref name="plainBytes"/> take at most.</summary>
    public static int MaxStoredBytes(int plainBytes) => plainBytes + (HeadBytes * ((plainBytes + XpressHuffman.BlockBytes - 1) / XpressHuffman.BlockBytes));

    /// <summary>Packs all of <paramref name="plain"/>.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> plain)
    {
        var rented = ArrayPool<byte>.Shared.Rent(MaxStoredBytes(plain.Length));
        try
        {
            var length = 0;
            while (!plain.IsEmpty)
            {
                var block = plain[..Math.Min(plain.Length, XpressHuffman.BlockBytes)];
                plain = plain[block.Length..];
                var to = rented.AsSpan(length);
                var stored = block.Length < WorthBytes ? 0 : (_encoder ??= new XpressEncoder()).Encode(block, to.Slice(HeadBytes, block.Length));
                if (stored == 0)
                {
                    stored = block.Length;
                    block.CopyTo(to[HeadBytes..]);
                }

                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(block.Length - 1));
                BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)(stored - 1));
                length += HeadBytes + stored;
            }

            return rented.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Unpacks all of <paramref name="stored"/>.</summary>
    /// <param name="stored">Whole blocks.</param>
    /// <param name="limit">More plain bytes are refused: a small message must not become a large one.</param>
    /// <exception cref="InvalidDataException">The bytes are no such blocks, or too many.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> stored, int limit)
    {
        var plain = new byte[PlainBytes(stored, limit)];
        var at = 0;
        while (!stored.IsEmpty)
        {
            var (plainBytes, storedBytes) = Lengths(stored);
            var block = stored.Slice(HeadBytes, storedBytes);
            stored = stored[(HeadBytes + storedBytes)..];
            var to = plain.AsSpan(at, plainBytes);
            if (plainBytes == storedBytes)
            {
                block.CopyTo(to);
            }
            else
            {
                XpressDecoder.Decode(block, to);
            }

            at += plainBytes;
        }

        return plain;
    }

    private static int PlainBytes(ReadOnlySpan<byte> stored, int limit)
    {
        var total = 0L;
        while (!stored.IsEmpty)
        {
            if (stored.Length <= HeadBytes)
            {
                throw new InvalidDataException("A compressed stream ends inside a block.");
            }

            var (plainBytes, storedBytes) = Lengths(stored);
            total += plainBytes;
            if (storedBytes > stored.Length - HeadBytes)
            {
                throw new InvalidDataException("A compressed stream ends inside a block.");
            }

            if (total > limit)
            {
                throw new InvalidDataException($"A compressed stream holds more than {limit} bytes.");
            }

            stored = stored[(HeadBytes + storedBytes)..];
        }

        return (int)total;
    }

    private static (int Plain, int Stored) Lengths(ReadOnlySpan<byte> block) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(block) + 1, BinaryPrimitives.ReadUInt16LittleEndian(block[2..]) + 1);
}

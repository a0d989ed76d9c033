using System.Buffers;
using System.Buffers.Binary;

namespace Farwire.Protocol.Compression;

/// <summary>Unpacks one block.</summary>
/// <remarks>
/// MS-XCA, "LZ77+Huffman Decompression Algorithm Details". 1. The lengths of the codes, 2. the table that gives a symbol for any 15 bits, 3. symbols
/// until the block is full. Bits come in words of 16, the highest first; long lengths stand between the words as bytes.
/// </remarks>
internal static class XpressDecoder
{
    private const int LengthBits = 4; // an entry is the symbol, and its code's length below

    /// <summary>Fills <paramref name="plain"/> exactly.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such block.</exception>
    public static void Decode(ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (stored.Length < XpressHuffman.TableBytes + 4)
        {
            throw Broken("it is shorter than its table");
        }

        var table = ArrayPool<ushort>.Shared.Rent(1 << XpressHuffman.MaxCodeBits);
        try
        {
            var entries = table.AsSpan(0, 1 << XpressHuffman.MaxCodeBits);
            FillTable(stored[..XpressHuffman.TableBytes], entries); // 1 2
            Decode(stored, entries, plain); // 3
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(table);
        }
    }

    // Canonical codes: shorter ones first, equal ones by symbol. Every code fills all entries that begin with it.
    private static void FillTable(ReadOnlySpan<byte> lengths, Span<ushort> entries)
    {
        var at = 0;
        for (var bits = 1; bits <= XpressHuffman.MaxCodeBits; bits++)
        {
            var span = 1 << (XpressHuffman.MaxCodeBits - bits);
            for (var symbol = 0; symbol < XpressHuffman.Symbols; symbol++)
            {
                if (((lengths[symbol >> 1] >> ((symbol & 1) * 4)) & 0xF) == bits)
                {
                    if (at + span > entries.Length)
                    {
                        throw Broken("its codes overlap");
                    }

                    entries.Slice(at, span).Fill((ushort)((symbol << LengthBits) | bits));
                    at += span;
                }
            }
        }

        if (at != entries.Length)
        {
            throw Broken("its codes leave gaps");
        }
    }

    private static void Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<ushort> entries, Span<byte> plain)
    {
        var position = XpressHuffman.TableBytes;
        var bits = ((uint)Word(stored, ref position) << 16) | Word(stored, ref position);
        var spare = 16; // bits beyond the 16 that are always there
        var at = 0;
        while (at < plain.Length)
        {
            var entry = entries[(int)(bits >> (32 - XpressHuffman.MaxCodeBits))];
            Take(entry & ((1 << LengthBits) - 1), stored, ref bits, ref spare, ref position);
            var symbol = entry >> LengthBits;
            if (symbol < 256)
            {
                plain[at++] = (byte)symbol;
                continue;
            }

            var length = symbol & 0xF;
            var distanceBits = (symbol >> 4) & 0xF;
            if (length == XpressHuffman.LongLength)
            {
                length = LongLength(stored, ref position);
            }

            length += XpressHuffman.MinMatch;
            var distance = (1 << distanceBits) | (int)((ulong)bits >> (32 - distanceBits));
            Take(distanceBits, stored, ref bits, ref spare, ref position);
            if (distance > at || length > plain.Length - at)
            {
                throw Broken("a match reaches out of the block");
            }

            Copy(plain, at, distance, length);
            at += length;
        }
    }

    private static void Take(int count, ReadOnlySpan<byte> stored, ref uint bits, ref int spare, ref int position)
    {
        bits = (uint)((ulong)bits << count);
        spare -= count;
        if (spare < 0)
        {
            bits |= (uint)Word(stored, ref position) << -spare;
            spare += 16;
        }
    }

    private static int LongLength(ReadOnlySpan<byte> stored, ref int position)
    {
        var length = (long)Byte(stored, ref position);
        if (length < byte.MaxValue)
        {
            return (int)length + XpressHuffman.LongLength;
        }

        length = Word(stored, ref position);
        if (length == 0)
        {
            length = Word(stored, ref position) | ((long)Word(stored, ref position) << 16);
        }

        return length is >= XpressHuffman.LongLength and <= XpressHuffman.BlockBytes ? (int)length : throw Broken("a match has an impossible length");
    }

    private static void Copy(Span<byte> plain, int at, int distance, int length)
    {
        if (distance >= length)
        {
            plain.Slice(at - distance, length).CopyTo(plain[at..]);
        }
        else if (distance == 1)
        {
            plain.Slice(at, length).Fill(plain[at - 1]);
        }
        else
        {
            for (var i = at; i < at + length; i++)
            {
                plain[i] = plain[i - distance]; // overlaps itself: what was just written is read again
            }
        }
    }

    private static ushort Word(ReadOnlySpan<byte> stored, ref int position)
    {
        // The stream may end while bits are left: encoders differ in how many words they write after the last code.
        if (position + 2 > stored.Length)
        {
            position += 2;
            return position > stored.Length + 8 ? throw Broken("it ends too early") : (ushort)0;
        }

        position += 2;
        return BinaryPrimitives.ReadUInt16LittleEndian(stored[(position - 2)..]);
    }

    private static byte Byte(ReadOnlySpan<byte> stored, ref int position) =>
        position < stored.Length ? stored[position++] : throw Broken("it ends too early");

    private static InvalidDataException Broken(string why) => new($"The block is not compressed by LZ77+Huffman: {why}.");
}

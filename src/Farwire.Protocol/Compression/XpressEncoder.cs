using System.Numerics;

namespace Farwire.Protocol.Compression;

/// <summary>Packs one block. Holds its working memory; use it for one block after the other.</summary>
/// <remarks>
/// MS-XCA, "LZ77+Huffman Compression Algorithm Details". 1. Literals and matches, the longest match of a few candidates with the same three bytes,
/// 2. a code for each symbol that occurs, 3. the table of their lengths, 4. the codes.
/// </remarks>
internal sealed class XpressEncoder
{
    private const int HashBits = 14;
    private const int MaxCandidates = 8;
    private const int GoodMatch = 64; // long enough to stop looking
    private const uint LiteralFlag = 0x80000000;

    private readonly int[] _heads = new int[1 << HashBits];
    private readonly ushort[] _previous = new ushort[XpressHuffman.BlockBytes];
    private readonly uint[] _tokens = new uint[XpressHuffman.BlockBytes]; // a literal, or length << 16 | distance
    private readonly int[] _frequencies = new int[XpressHuffman.Symbols];
    private readonly byte[] _lengths = new byte[XpressHuffman.Symbols];
    private readonly ushort[] _codes = new ushort[XpressHuffman.Symbols];

    /// <summary>Packs <paramref name="plain"/>, at most 64 KiB, and answers the bytes written; 0 when it would not become shorter.</summary>
    public int Encode(ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        var count = FindTokens(plain); // 1
        PrefixCode.Build(_frequencies, _lengths, _codes); // 2
        var bits = 0L;
        for (var symbol = 0; symbol < XpressHuffman.Symbols; symbol++)
        {
            bits += (long)_frequencies[symbol] * (_lengths[symbol] + (symbol < 256 ? 0 : (symbol >> 4) & 0xF));
        }

        // Long lengths take up to three bytes more for each of their matches; four bytes of slack are the last words.
        var longest = 0L;
        for (var symbol = 256 + XpressHuffman.LongLength; symbol < XpressHuffman.Symbols; symbol += 16)
        {
            longest += _frequencies[symbol] * 3L;
        }

        if (XpressHuffman.TableBytes + (bits / 8) + longest + 6 >= Math.Min(plain.Length, stored.Length))
        {
            return 0;
        }

        for (var i = 0; i < XpressHuffman.TableBytes; i++) // 3
        {
            stored[i] = (byte)(_lengths[2 * i] | (_lengths[(2 * i) + 1] << 4));
        }

        return WriteTokens(count, stored); // 4
    }

    private int FindTokens(ReadOnlySpan<byte> plain)
    {
        Array.Fill(_heads, -1);
        Array.Clear(_frequencies);
        var (at, count) = (0, 0);
        while (at < plain.Length)
        {
            var (length, distance) = at + XpressHuffman.MinMatch <= plain.Length ? BestMatch(plain, at) : (0, 0);
            if (length < XpressHuffman.MinMatch)
            {
                _frequencies[plain[at]]++;
                _tokens[count++] = LiteralFlag | plain[at];
                Remember(plain, at++);
                continue;
            }

            // A length has 16 bits at most here, for a block has 64 KiB.
            _frequencies[Symbol(length, distance)]++;
            _tokens[count++] = ((uint)(length - XpressHuffman.MinMatch) << 16) | (uint)distance;
            for (var end = at + length; at < end; at++)
            {
                Remember(plain, at);
            }
        }

        _frequencies[XpressHuffman.EndOfData]++;
        return count;
    }

    private (int Length, int Distance) BestMatch(ReadOnlySpan<byte> plain, int at)
    {
        var (best, distance) = (0, 0);
        var most = Math.Min(plain.Length - at, short.MaxValue); // keeps a token's length in its bits
        var candidate = _heads[Hash(plain, at)];
        for (var i = 0; i < MaxCandidates && candidate >= 0; i++)
        {
            if (best == 0 || (best < most && plain[candidate + best] == plain[at + best]))
            {
                var length = plain.Slice(candidate, most).CommonPrefixLength(plain.Slice(at, most));
                if (length > best)
                {
                    (best, distance) = (length, at - candidate);
                    if (length >= GoodMatch)
                    {
                        break;
                    }
                }
            }

            var before = _previous[candidate];
            candidate = before < candidate ? before : -1; // its own position marks the end of the chain
        }

        return (best, distance);
    }

    private void Remember(ReadOnlySpan<byte> plain, int at)
    {
        if (at + XpressHuffman.MinMatch <= plain.Length)
        {
            ref var head = ref _heads[Hash(plain, at)];
            _previous[at] = (ushort)(head < 0 ? at : head);
            head = at;
        }
    }

    private static int Hash(ReadOnlySpan<byte> plain, int at) =>
        (int)((uint)((plain[at] | (plain[at + 1] << 8) | (plain[at + 2] << 16)) * 0x9E3779B1) >> (32 - HashBits));

    private static int Symbol(int length, int distance) =>
        256 + (BitOperations.Log2((uint)distance) << 4) + Math.Min(length - XpressHuffman.MinMatch, XpressHuffman.LongLength);

    private int WriteTokens(int count, Span<byte> stored)
    {
        var bits = new XpressBits(stored, XpressHuffman.TableBytes);
        foreach (var token in _tokens.AsSpan(0, count))
        {
            if ((token & LiteralFlag) != 0)
            {
                var literal = (int)(token & 0xFF);
                bits.Write(_lengths[literal], _codes[literal]);
                continue;
            }

            var length = (int)(token >> 16);
            var distance = (int)(token & 0xFFFF);
            var symbol = Symbol(length + XpressHuffman.MinMatch, distance);
            bits.Write(_lengths[symbol], _codes[symbol]);
            if (length >= XpressHuffman.LongLength)
            {
                if (length - XpressHuffman.LongLength < byte.MaxValue)
                {
                    bits.WriteByte((byte)(length - XpressHuffman.LongLength));
                }
                else
                {
                    bits.WriteByte(byte.MaxValue);
                    bits.WriteByte((byte)length);
                    bits.WriteByte((byte)(length >> 8));
                }
            }

            var distanceBits = (symbol >> 4) & 0xF;
            bits.Write(distanceBits, (uint)distance & ((1u << distanceBits) - 1));
        }

        bits.Write(_lengths[XpressHuffman.EndOfData], _codes[XpressHuffman.EndOfData]);
        return bits.Finish();
    }
}

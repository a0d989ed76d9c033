using System.Buffers;
using System.Buffers.Binary;

namespace Farwire.Events.Compression;

/// <summary>Packs bytes as SLDC.</summary>
/// <remarks>
/// ECMA-321. Scheme 1 throughout, as Windows does; a copy never reaches into itself, for no source is known that writes one which does, and a decoder
/// might not expect it.
/// </remarks>
public static class SldcEncoder
{
    private const int HashBits = 12;
    private const int MinMatch = 2;
    private const int MaxChain = 24;

    /// <summary>Packs <paramref name="plain"/> as one body.</summary>
    public static void Encode(ReadOnlySpan<byte> plain, IBufferWriter<byte> output)
    {
        // 9 bits a byte is the worst case, then the two control symbols, the zero byte and the length.
        var span = output.GetSpan((int)(((long)plain.Length * 9) / 8) + 16);
        var bits = new BitWriter(span);
        bits.Write(Symbol(Sldc.Control.Reset1), Sldc.ControlBits);
        Span<int> heads = stackalloc int[1 << HashBits];
        heads.Fill(-1);
        Span<int> chain = stackalloc int[Sldc.HistorySize];
        var at = 0;
        while (at < plain.Length)
        {
            var (length, from) = Longest(plain, at, heads, chain);
            if (length < MinMatch)
            {
                bits.Write(plain[at], 9);
                Remember(plain, at++, heads, chain);
                continue;
            }

            WriteCount(ref bits, length);
            bits.Write((uint)(from % Sldc.HistorySize), 10);
            for (var end = at + length; at < end; at++)
            {
                Remember(plain, at, heads, chain);
            }
        }

        bits.Write(Symbol(Sldc.Control.EndOfRecord), Sldc.ControlBits);
        var written = bits.Align();
        span[written++] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(span[written..], (uint)plain.Length);
        output.Advance(written + 4);
    }

    private static uint Symbol(Sldc.Control control) => (0b1_1111_1111u << 4) | (uint)control;

    private static (int Length, int From) Longest(ReadOnlySpan<byte> plain, int at, Span<int> heads, Span<int> chain)
    {
        var rest = plain.Length - at;
        if (rest < 3)
        {
            return (0, 0);
        }

        var (best, from) = (0, 0);
        var candidate = heads[Hash(plain, at)];

        // The place that the next byte will take is still readable, but a decoder overwrites while it copies: stay one away.
        var oldest = at - Sldc.HistorySize + 1;
        for (var tries = 0; tries < MaxChain && candidate >= 0 && candidate > oldest; tries++)
        {
            // Not into itself, and not over the bytes that this very copy replaces in the ring.
            var most = Math.Min(Math.Min(at - candidate, rest), Math.Min(Sldc.MaxMatch, Sldc.HistorySize - (at - candidate)));
            var length = plain.Slice(at, most).CommonPrefixLength(plain.Slice(candidate, most));
            if (length > best)
            {
                (best, from) = (length, candidate);
                if (best == Sldc.MaxMatch)
                {
                    break;
                }
            }

            var before = chain[candidate % Sldc.HistorySize];
            if (before >= candidate)
            {
                break;
            }

            candidate = before;
        }

        // Two bytes as a copy cost 13 bits, as literals 18.
        return (best, from);
    }

    private static void Remember(ReadOnlySpan<byte> plain, int at, Span<int> heads, Span<int> chain)
    {
        if (at + 2 < plain.Length)
        {
            var hash = Hash(plain, at);
            chain[at % Sldc.HistorySize] = heads[hash];
            heads[hash] = at;
        }
    }

    private static int Hash(ReadOnlySpan<byte> plain, int at) =>
        (int)(((plain[at] | ((uint)plain[at + 1] << 8) | ((uint)plain[at + 2] << 16)) * 2654435761u) >> (32 - HashBits));

    private static void WriteCount(ref BitWriter bits, int count)
    {
        bits.Write(1, 1);
        switch (count)
        {
            case < 4: bits.Write((uint)(count - 2), 2); break;
            case < 8: bits.Write(0b10_00u | (uint)(count - 4), 4); break;
            case < 16: bits.Write(0b110_000u | (uint)(count - 8), 6); break;
            case < 32: bits.Write(0b1110_0000u | (uint)(count - 16), 8); break;
            default: bits.Write(0b1111_0000_0000u | (uint)(count - 32), 12); break;
        }
    }

    /// <summary>Writes bits, the highest of each byte first.</summary>
    private ref struct BitWriter(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;
        private ulong _window;
        private int _held;
        private int _next;

        public void Write(uint value, int count)
        {
            _window = (_window << count) | value;
            _held += count;
            while (_held >= 8)
            {
                _held -= 8;
                _bytes[_next++] = (byte)(_window >> _held);
            }
        }

        /// <summary>Fills the last byte with zeros; answers the bytes written.</summary>
        public int Align()
        {
            if (_held > 0)
            {
                Write(0, 8 - _held);
            }

            return _next;
        }
    }
}

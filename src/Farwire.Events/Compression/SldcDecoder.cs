using System.Buffers;

namespace Farwire.Events.Compression;

/// <summary>Unpacks SLDC.</summary>
/// <remarks>ECMA-321, "Data compression algorithm". The output never grows past its limit, whatever the input promises.</remarks>
public static class SldcDecoder
{
    /// <summary>Unpacks a whole body.</summary>
    /// <param name="body">The compressed bytes.</param>
    /// <param name="output">Takes the plain bytes.</param>
    /// <param name="limit">Bytes that come out at most.</param>
    /// <exception cref="InvalidDataException">The bytes are not SLDC, end too early, or hold more than the limit.</exception>
    public static void Decode(ReadOnlySpan<byte> body, IBufferWriter<byte> output, int limit)
    {
        var plain = ArrayPool<byte>.Shared.Rent(Math.Min(limit, Math.Max(4096, body.Length * 6)));
        try
        {
            var length = Decode(body, ref plain, limit); // what follows the end of the record says nothing new
            output.Write(plain.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    // The history is the output itself: a place in the ring is the youngest byte that was written there since the last reset.
    private static int Decode(ReadOnlySpan<byte> body, ref byte[] plain, int limit)
    {
        var bits = new BitReader(body);
        var (length, reset, scheme) = (0, 0, 0);
        while (true)
        {
            // A control symbol begins with nine ones in either scheme; in scheme 2 a byte FF is followed by a zero, in scheme 1 no count does so.
            var next = bits.Peek(9);
            if (next == 0b1_1111_1111)
            {
                bits.Skip(9);
                switch ((Sldc.Control)bits.Read(4))
                {
                    case Sldc.Control.Flush:
                        bits.Align(); // to the next byte; the history stays
                        break;
                    case Sldc.Control.Scheme1:
                        scheme = 1;
                        break;
                    case Sldc.Control.Scheme2:
                        scheme = 2;
                        break;
                    case Sldc.Control.Reset1:
                        (scheme, reset) = (1, length);
                        break;
                    case Sldc.Control.Reset2:
                        (scheme, reset) = (2, length);
                        break;
                    case Sldc.Control.EndOfRecord or Sldc.Control.EndMarker:
                        return length;
                    case Sldc.Control.FileMark:
                        break;
                    default:
                        throw new InvalidDataException("The SLDC body has a reserved control symbol.");
                }

                continue;
            }

            switch (scheme)
            {
                case 1 when next < 0b1_0000_0000:
                    bits.Skip(9);
                    Room(ref plain, length, 1, limit);
                    plain[length++] = (byte)next;
                    break;
                case 1:
                    var count = Count(ref bits);
                    Room(ref plain, length, count, limit);
                    Copy(plain, length, reset, (int)bits.Read(10), count);
                    length += count;
                    break;
                case 2:
                    bits.Skip(next >> 1 == 0xFF ? 9 : 8);
                    Room(ref plain, length, 1, limit);
                    plain[length++] = (byte)(next >> 1);
                    break;
                default:
                    throw new InvalidDataException("The SLDC body does not begin with a reset.");
            }
        }
    }

    // 1 and then   0x: 2–3   10xx: 4–7   110xxx: 8–15   1110xxxx: 16–31   1111xxxxxxxx: 32–271
    private static int Count(ref BitReader bits)
    {
        var (count, used) = (bits.Peek(13) & 0xFFF) switch
        {
            < 0x800 and var b => (2 + ((b >> 10) & 0x1), 3),
            < 0xC00 and var b => (4 + ((b >> 8) & 0x3), 5),
            < 0xE00 and var b => (8 + ((b >> 6) & 0x7), 7),
            < 0xF00 and var b => (16 + ((b >> 4) & 0xF), 9),
            var b => (32 + (b & 0xFF), 13),
        };
        bits.Skip(used);
        return (int)count;
    }

    private static void Copy(byte[] plain, int length, int reset, int place, int count)
    {
        var distance = (length - reset - place) & (Sldc.HistorySize - 1);
        distance = distance == 0 ? Sldc.HistorySize : distance;
        if (distance > length - reset)
        {
            throw new InvalidDataException("The SLDC body copies from before its beginning.");
        }

        if (distance >= count)
        {
            plain.AsSpan(length - distance, count).CopyTo(plain.AsSpan(length));
            return;
        }

        // Reaches into itself: byte by byte, so that what was just written is read again.
        for (var i = 0; i < count; i++)
        {
            plain[length + i] = plain[length + i - distance];
        }
    }

    private static void Room(ref byte[] plain, int length, int count, int limit)
    {
        if (length + count > limit)
        {
            throw new InvalidDataException($"The SLDC body unpacks to more than {limit} bytes.");
        }

        if (length + count > plain.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(limit, Math.Max(plain.Length * 2, length + count)));
            plain.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(plain);
            plain = larger;
        }
    }

    /// <summary>Reads bits, the highest of each byte first.</summary>
    private ref struct BitReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private ulong _window;
        private int _held;
        private int _next;

        public uint Read(int count)
        {
            Fill(count);
            if (count > _held)
            {
                throw new InvalidDataException("The SLDC body ends before its end of record.");
            }

            _held -= count;
            return (uint)(_window >> _held) & ((1u << count) - 1);
        }

        /// <summary>The next bits without taking them; zeros after the end.</summary>
        public uint Peek(int count)
        {
            Fill(count);
            return _held >= count
                ? (uint)(_window >> (_held - count)) & ((1u << count) - 1)
                : (uint)(_window << (count - _held)) & ((1u << count) - 1);
        }

        public void Skip(int count) => Read(count);

        public void Align() => _held -= _held % 8;

        private void Fill(int count)
        {
            if (_held >= count)
            {
                return;
            }

            while (_held <= 48 && _next < _bytes.Length)
            {
                _window = (_window << 8) | _bytes[_next++];
                _held += 8;
            }
        }
    }
}

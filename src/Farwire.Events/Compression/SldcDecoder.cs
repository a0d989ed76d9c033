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

    private static int Decode(ReadOnlySpan<byte> body, ref byte[] plain, int limit)
    {
        var bits = new BitReader(body);
        Span<byte> history = stackalloc byte[Sldc.HistorySize];
        history.Clear();
        var place = 0;
        var length = 0;
        var scheme = 0;
        while (true)
        {
            // A control symbol begins with nine ones in either scheme; in scheme 2 a byte FF is followed by a zero, in scheme 1 no count does so.
            if (bits.Peek(9) == 0b1_1111_1111)
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
                        (scheme, place) = (1, 0);
                        history.Clear();
                        break;
                    case Sldc.Control.Reset2:
                        (scheme, place) = (2, 0);
                        history.Clear();
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
                case 0:
                    throw new InvalidDataException("The SLDC body does not begin with a reset.");
                case 2:
                    var raw = (byte)bits.Read(8);
                    if (raw == 0xFF)
                    {
                        bits.Read(1);
                    }

                    Room(ref plain, length, 1, limit);
                    plain[length++] = history[place] = raw;
                    place = (place + 1) % Sldc.HistorySize;
                    break;
                default:
                    if (bits.Read(1) == 0)
                    {
                        Room(ref plain, length, 1, limit);
                        plain[length++] = history[place] = (byte)bits.Read(8);
                        place = (place + 1) % Sldc.HistorySize;
                        break;
                    }

                    var count = Count(ref bits);
                    var from = (int)bits.Read(10);
                    Room(ref plain, length, count, limit);
                    while (count-- > 0)
                    {
                        plain[length++] = history[place] = history[from];
                        place = (place + 1) % Sldc.HistorySize;
                        from = (from + 1) % Sldc.HistorySize;
                    }

                    break;
            }
        }
    }

    // 0x: 2–3   10xx: 4–7   110xxx: 8–15   1110xxxx: 16–31   1111xxxxxxxx: 32–271
    private static int Count(ref BitReader bits)
    {
        if (bits.Read(1) == 0)
        {
            return 2 + (int)bits.Read(1);
        }

        if (bits.Read(1) == 0)
        {
            return 4 + (int)bits.Read(2);
        }

        if (bits.Read(1) == 0)
        {
            return 8 + (int)bits.Read(3);
        }

        if (bits.Read(1) == 0)
        {
            return 16 + (int)bits.Read(4);
        }

        return 32 + (int)bits.Read(8);
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

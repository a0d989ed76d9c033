using System.Text;

namespace Farwire.Events.Tests.Compression;

/// <summary>SLDC once more, from the standard's tables alone: a string of ones and zeros, and a list as history. No line of it is shared.</summary>
internal static class SlowSldc
{
    public static byte[] Decode(byte[] body)
    {
        var bits = new StringBuilder();
        foreach (var value in body)
        {
            bits.Append(Convert.ToString(value, 2).PadLeft(8, '0'));
        }

        var text = bits.ToString();
        var at = 0;
        int Take(int count)
        {
            at += count;
            return Convert.ToInt32(text.Substring(at - count, count), 2);
        }

        var output = new List<byte>();
        var ring = new byte[1024];
        var (write, scheme) = (0, 0);
        void Put(byte value)
        {
            output.Add(value);
            ring[write++ % 1024] = value;
        }

        while (true)
        {
            if (text.AsSpan(at).StartsWith("111111111"))
            {
                at += 9;
                switch (Take(4))
                {
                    case 0b0100: return [.. output];
                    case 0b0101: (scheme, write) = (1, 0); break;
                    case 0b0110: (scheme, write) = (2, 0); break;
                    case 0b0001: scheme = 1; break;
                    case 0b0010: scheme = 2; break;
                    default: throw new FormatException();
                }
            }
            else if (scheme == 2)
            {
                var value = Take(8);
                Put((byte)value);
                at += value == 0xFF ? 1 : 0;
            }
            else if (text[at++] == '0')
            {
                Put((byte)Take(8));
            }
            else
            {
                var ones = 0;
                while (ones < 4 && text[at] == '1')
                {
                    ones++;
                    at++;
                }

                at += ones < 4 ? 1 : 0;
                var (least, width) = ones switch { 0 => (2, 1), 1 => (4, 2), 2 => (8, 3), 3 => (16, 4), _ => (32, 8) };
                var count = least + Take(width);
                var from = Take(10);
                for (var i = 0; i < count; i++)
                {
                    Put(ring[(from + i) % 1024]);
                }
            }
        }
    }
}

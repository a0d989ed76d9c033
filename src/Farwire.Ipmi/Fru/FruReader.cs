using System.Text;
using Farwire.Ipmi.Sdr;

namespace Farwire.Ipmi.Fru;

/// <summary>From the bytes of an inventory to its fields.</summary>
/// <remarks>Platform Management FRU Information Storage Definition 1.0. A damaged area does not hide the others.</remarks>
internal static class FruReader
{
    private const int HeaderBytes = 8;
    private const int Unit = 8; // offsets and lengths count in eights
    private const byte EndOfFields = 0xC1;
    private const byte English = 25;
    private const int MaxCustomFields = 64;

    private static readonly DateTimeOffset BoardEpoch = new(1996, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // "Common Header Format": format · offsets of internal, chassis, board, product, multi-record · pad · sum
    public static FruInventory Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || (bytes[0] & 0x0F) != 1 || !SumFits(bytes[..HeaderBytes]))
        {
            return new FruInventory { Damaged = ["header"] };
        }

        var damaged = new List<string>();
        return new FruInventory
        {
            Chassis = Area(bytes, bytes[2], "chassis", damaged, ReadChassis),
            Board = Area(bytes, bytes[3], "board", damaged, ReadBoard),
            Product = Area(bytes, bytes[4], "product", damaged, ReadProduct),
            Records = ReadRecords(bytes, bytes[5], damaged),
            Damaged = damaged,
        };
    }

    private delegate T AreaReader<out T>(ref DataReader data);

    private static T? Area<T>(ReadOnlySpan<byte> bytes, byte offset, string name, List<string> damaged, AreaReader<T> read)
        where T : class
    {
        var start = offset * Unit;
        if (start == 0)
        {
            return null;
        }

        if (start + 2 <= bytes.Length && bytes[start + 1] * Unit is > 2 and var length && start + length <= bytes.Length
            && SumFits(bytes.Slice(start, length)))
        {
            try
            {
                var data = new DataReader(bytes.Slice(start, length - 1), $"The {name} area");
                data.Skip(2);
                return read(ref data);
            }
            catch (IpmiFormatException)
            {
                // The sum fits, yet the fields do not: damaged all the same.
            }
        }

        damaged.Add(name);
        return null;
    }

    private static FruChassis ReadChassis(ref DataReader data)
    {
        var type = data.Byte();
        return new FruChassis(type, Field(ref data, English), Field(ref data, English), Custom(ref data, English));
    }

    private static FruBoard ReadBoard(ref DataReader data)
    {
        var language = data.Byte();
        var minutes = data.UInt24();
        return new FruBoard(
            minutes == 0 ? null : BoardEpoch.AddMinutes(minutes), Field(ref data, language), Field(ref data, language), Field(ref data, English),
            Field(ref data, language), Field(ref data, language), Custom(ref data, language));
    }

    private static FruProduct ReadProduct(ref DataReader data)
    {
        var language = data.Byte();
        return new FruProduct(
            Field(ref data, language), Field(ref data, language), Field(ref data, language), Field(ref data, language), Field(ref data, English),
            Field(ref data, language), Field(ref data, language), Custom(ref data, language));
    }

    // "MultiRecord Area": type · bit 7: last, version · length · sum of the body · sum of this header · body
    private static List<FruRecord> ReadRecords(ReadOnlySpan<byte> bytes, byte offset, List<string> damaged)
    {
        var records = new List<FruRecord>();
        for (var at = offset * Unit; at != 0;)
        {
            if (at + 5 > bytes.Length || !SumFits(bytes.Slice(at, 5)) || at + 5 + bytes[at + 2] > bytes.Length)
            {
                damaged.Add("multi-record");
                break;
            }

            var body = bytes.Slice(at + 5, bytes[at + 2]);
            if (((Sum(body) + bytes[at + 3]) & 0xFF) != 0)
            {
                damaged.Add("multi-record");
                break;
            }

            records.Add(new FruRecord(bytes[at], body.ToArray()));
            at = (bytes[at + 1] & 0x80) != 0 ? 0 : at + 5 + body.Length;
        }

        return records;
    }

    // "TYPE/LENGTH BYTE FORMAT": six bits of length
    private static string Field(ref DataReader data, byte language)
    {
        var typeLength = data.Byte();
        if (typeLength == EndOfFields)
        {
            throw new IpmiFormatException("The fields end too early.");
        }

        return Text(typeLength, data.Bytes(typeLength & 0x3F), language);
    }

    private static List<string> Custom(ref DataReader data, byte language)
    {
        var fields = new List<string>();
        while (data.HasMore && data.Byte() is not EndOfFields and var typeLength && fields.Count < MaxCustomFields)
        {
            fields.Add(Text(typeLength, data.Bytes(typeLength & 0x3F), language));
        }

        return fields;
    }

    private static string Text(byte typeLength, ReadOnlySpan<byte> bytes, byte language) => (typeLength >> 6) switch
    {
        0 => Convert.ToHexStringLower(bytes),
        1 => TypeLengthText.Bcd(bytes).TrimEnd(' '),
        2 => TypeLengthText.SixBit(bytes).TrimEnd(' '),
        _ => (language is 0 or English ? Encoding.Latin1 : Encoding.Unicode).GetString(bytes).TrimEnd('\0', ' '),
    };

    private static bool SumFits(ReadOnlySpan<byte> bytes) => Sum(bytes) == 0;

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var b in bytes)
        {
            sum += b;
        }

        return sum;
    }
}

using System.Text;

namespace Farwire.Ipmi.Sdr;

/// <summary>Names, in the four encodings that the first byte tells.</summary>
/// <remarks>IPMI 2.0, "Type/Length Byte Format"; FRU Information Storage Definition, "TYPE/LENGTH BYTE FORMAT".</remarks>
internal static class TypeLengthText
{
    private const string BcdPlus = "0123456789 -.   ";

    /// <summary>An SDR's name: five bits of length, type 00b is Unicode.</summary>
    public static string ReadName(ref DataReader data)
    {
        if (!data.HasMore)
        {
            return "";
        }

        var typeLength = data.Byte();

        // Some controllers count bytes of the name that they do not send.
        var bytes = data.Bytes(Math.Min(typeLength & 0x1F, data.Remaining));
        return ((typeLength >> 6) switch
        {
            0 => Encoding.Unicode.GetString(bytes),
            1 => Bcd(bytes),
            2 => SixBit(bytes),
            _ => Encoding.Latin1.GetString(bytes),
        }).TrimEnd('\0', ' ');
    }

    /// <summary>Two characters a byte, the low digit last.</summary>
    public static string Bcd(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 2);
        foreach (var b in bytes)
        {
            text.Append(BcdPlus[b >> 4]).Append(BcdPlus[b & 0x0F]);
        }

        return text.ToString();
    }

    /// <summary>Four characters in three bytes, from blank (0) to underscore (63), the low bits first.</summary>
    public static string SixBit(ReadOnlySpan<byte> bytes)
    {
        var count = bytes.Length * 8 / 6;
        var text = new StringBuilder(count);
        for (var i = 0; i < count; i++)
        {
            var bit = i * 6;
            var pair = bytes[bit / 8] | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] << 8 : 0);
            text.Append((char)(((pair >> (bit % 8)) & 0x3F) + ' '));
        }

        return text.ToString();
    }
}

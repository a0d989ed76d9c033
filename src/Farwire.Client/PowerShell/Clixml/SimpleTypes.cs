using System.Globalization;
using System.Xml;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>The simple values: each has an element, and a type of .NET.</summary>
/// <remarks>MS-PSRP, "Serialization of Primitive Type Objects".</remarks>
internal static class SimpleTypes
{
    private static readonly Dictionary<string, Func<string, object?>> Readers = new()
    {
        ["Nil"] = _ => null,
        ["S"] = ClixmlText.Unescape,
        ["C"] = text => (char)XmlConvert.ToUInt16(text), // a number, not the character
        ["B"] = text => XmlConvert.ToBoolean(text),
        ["DT"] = ReadDateTime,
        ["TS"] = text => XmlConvert.ToTimeSpan(text),
        ["By"] = text => XmlConvert.ToByte(text),
        ["SB"] = text => XmlConvert.ToSByte(text),
        ["U16"] = text => XmlConvert.ToUInt16(text),
        ["I16"] = text => XmlConvert.ToInt16(text),
        ["U32"] = text => XmlConvert.ToUInt32(text),
        ["I32"] = text => XmlConvert.ToInt32(text),
        ["U64"] = text => XmlConvert.ToUInt64(text),
        ["I64"] = text => XmlConvert.ToInt64(text),
        ["Sg"] = text => XmlConvert.ToSingle(text),
        ["Db"] = text => XmlConvert.ToDouble(text),
        ["D"] = text => XmlConvert.ToDecimal(text),
        ["BA"] = Convert.FromBase64String,
        ["G"] = text => Guid.Parse(text),
        ["URI"] = text => new Uri(ClixmlText.Unescape(text), UriKind.RelativeOrAbsolute),
        ["Version"] = text => Version.Parse(text),
        ["XD"] = text => new XmlText(ClixmlText.Unescape(text)),
        ["SBK"] = text => new ScriptBlock(ClixmlText.Unescape(text)),
        ["SS"] = text => new SealedString(Convert.FromBase64String(text)),
    };

    public static bool IsKnown(string tag) => Readers.ContainsKey(tag);

    public static object? Parse(string tag, string text) => Readers[tag](text);

    /// <summary>The element of a value, and its text, not yet escaped; null for what is no simple value.</summary>
    public static (string Tag, string Text)? Format(object? value) => value switch
    {
        null => ("Nil", ""),
        string text => ("S", text),
        char c => ("C", XmlConvert.ToString((ushort)c)),
        bool b => ("B", XmlConvert.ToString(b)),
        DateTime time => ("DT", XmlConvert.ToString(time, XmlDateTimeSerializationMode.RoundtripKind)),
        DateTimeOffset time => ("DT", time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture)),
        TimeSpan span => ("TS", XmlConvert.ToString(span)),
        byte n => ("By", XmlConvert.ToString(n)),
        sbyte n => ("SB", XmlConvert.ToString(n)),
        ushort n => ("U16", XmlConvert.ToString(n)),
        short n => ("I16", XmlConvert.ToString(n)),
        uint n => ("U32", XmlConvert.ToString(n)),
        int n => ("I32", XmlConvert.ToString(n)),
        ulong n => ("U64", XmlConvert.ToString(n)),
        long n => ("I64", XmlConvert.ToString(n)),
        float n => ("Sg", XmlConvert.ToString(n)),
        double n => ("Db", XmlConvert.ToString(n)),
        decimal n => ("D", XmlConvert.ToString(n)),
        byte[] bytes => ("BA", Convert.ToBase64String(bytes)),
        Guid guid => ("G", guid.ToString("D")),
        Uri uri => ("URI", uri.OriginalString),
        Version version => ("Version", version.ToString()),
        XmlText xml => ("XD", xml.Xml),
        ScriptBlock block => ("SBK", block.Code),
        SealedString secret => ("SS", Convert.ToBase64String(secret.Sealed.Span)),
        _ => null,
    };

    // With an offset it stays that of the other side; without, or in UTC, it is what it says.
    private static object ReadDateTime(string text)
    {
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return time > 0 && text.AsSpan(time).IndexOfAny('+', '-') > 0
            ? (object)DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.None)
            : XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.RoundtripKind);
    }
}

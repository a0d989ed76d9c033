using System.Globalization;
using System.Text;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>The escapes of characters that XML or its readers would not keep: <c>_x000A_</c>.</summary>
/// <remarks>MS-PSRP, "Encoding Strings": a UTF-16 unit each, controls and surrogates, and the underscore of what would look like an escape.</remarks>
internal static class ClixmlText
{
    private const int EscapeLength = 7; // _xHHHH_

    public static string Unescape(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        var from = 0;
        while (at >= 0 && at + EscapeLength <= text.Length)
        {
            if (text[at + 6] == '_' && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                plain.Append(text, from, at - from).Append((char)unit);
                from = at + EscapeLength;
                at = text.IndexOf("_x", from, StringComparison.Ordinal);
            }
            else
            {
                at = text.IndexOf("_x", at + 1, StringComparison.Ordinal);
            }
        }

        return plain.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Appends <paramref name="text"/>, escaped for CLIXML and for XML.</summary>
    public static void Append(StringBuilder xml, string text, bool isAttribute = false)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            _ = c switch
            {
                '<' => xml.Append("&lt;"),
                '>' => xml.Append("&gt;"),
                '&' => xml.Append("&amp;"),
                '"' when isAttribute => xml.Append("&quot;"),
                '_' when i + 1 < text.Length && text[i + 1] is 'x' or 'X' => xml.Append("_x005F_"),
                < ' ' or (>= '\x7F' and <= '\x9F') or (>= '\xD800' and <= '\xDFFF') or >= '\xFFFE' => xml.Append("_x").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)).Append('_'),
                _ => xml.Append(c),
            };
        }
    }
}

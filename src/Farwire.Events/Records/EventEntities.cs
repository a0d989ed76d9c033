using System.Globalization;
using System.Text;

namespace Farwire.Events.Records;

/// <summary>The entities of XML, and characters by their numbers.</summary>
/// <remarks>XML 1.0, "Character and Entity References". What XML cannot carry becomes visible; an unknown entity stays as it was written.</remarks>
internal static class EventEntities
{
    /// <summary>Text with its entities replaced.</summary>
    public static string Decode(ReadOnlySpan<char> raw, bool isLiteral = false)
    {
        if (isLiteral || !raw.Contains('&'))
        {
            return new string(raw);
        }

        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var amp = raw.IndexOf('&');
            if (amp < 0)
            {
                text.Append(raw);
                break;
            }

            text.Append(raw[..amp]);
            raw = raw[amp..];
            var end = raw.IndexOf(';');
            if (end is > 1 and < 12 && AppendEntity(text, raw[1..end]))
            {
                raw = raw[(end + 1)..];
            }
            else
            {
                text.Append('&'); // an unknown entity stays as it was written
                raw = raw[1..];
            }
        }

        return text.ToString();
    }

    private static bool AppendEntity(StringBuilder text, ReadOnlySpan<char> name)
    {
        var character = name switch
        {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => '\0',
        };
        if (character != '\0')
        {
            text.Append(character);
            return true;
        }

        if (name[0] != '#')
        {
            return false;
        }

        var known = name.Length > 2 && name[1] is 'x' or 'X'
            ? int.TryParse(name[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            : int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (!known || number is < 0 or > 0x10FFFF)
        {
            return false;
        }

        if (number < 0x20 && number is not ('\t' or '\n' or '\r'))
        {
            text.Append(EventText.Visible((char)number));
        }
        else if (Rune.TryCreate(number, out var rune))
        {
            text.Append(rune.ToString());
        }
        else
        {
            text.Append('\uFFFD');
        }

        return true;
    }
}

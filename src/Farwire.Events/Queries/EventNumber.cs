using System.Globalization;

namespace Farwire.Events.Queries;

/// <summary>Numbers in events and queries: decimal, or hexadecimal with <c>0x</c>. All 64 bits count.</summary>
internal static class EventNumber
{
    public static bool TryParse(ReadOnlySpan<char> text, out decimal number)
    {
        text = text.Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var known = ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits);
            number = bits;
            return known;
        }

        number = 0;
        return text.Length is > 0 and < 30
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}

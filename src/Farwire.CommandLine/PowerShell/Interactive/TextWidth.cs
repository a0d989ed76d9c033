using System.Globalization;
using System.Text;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>How many columns of a terminal a text takes.</summary>
/// <remarks>Unicode, "East Asian Width": the wide blocks take two, marks that combine none. Escape sequences take none.</remarks>
internal static class TextWidth
{
    public static int Of(string text) => Of(text.AsSpan());

    public static int Of(ReadOnlySpan<char> text)
    {
        var width = 0;
        var inSequence = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x1B)
            {
                inSequence = true;
            }
            else if (inSequence)
            {
                inSequence = !(rune.Value is >= '@' and <= '~' && rune.Value != '[');
            }
            else
            {
                width += Of(rune);
            }
        }

        return width;
    }

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        _ => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
            or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1,
    };
}

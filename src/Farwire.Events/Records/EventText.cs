using System.Buffers;
using System.Text;

namespace Farwire.Events.Records;

/// <summary>Event text that XML 1.0 can carry.</summary>
/// <remarks>
/// Programs write any character into their events. One that XML forbids becomes the picture Unicode has for it (U+0005 becomes ␅), so that nothing
/// is lost and everybody can read it; half a surrogate pair becomes U+FFFD.
/// </remarks>
public static class EventText
{
    private static readonly SearchValues<char> NeedsCare = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\n' or '\r')).Select(c => (char)c), '\uFFFE', '\uFFFF', .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>The picture of a control character.</summary>
    internal static char Visible(char control) => (char)(0x2400 + control);

    /// <summary>The same text with every forbidden character replaced; the same object when there is none.</summary>
    public static string Clean(string text)
    {
        var at = NextForbidden(text, 0);
        if (at < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text);
        for (; at >= 0; at = NextForbidden(text, at + 1))
        {
            clean[at] = text[at] < ' ' ? Visible(text[at]) : '\uFFFD';
        }

        return clean.ToString();
    }

    private static int NextForbidden(string text, int from)
    {
        while (from < text.Length)
        {
            var found = text.AsSpan(from).IndexOfAny(NeedsCare);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (!char.IsHighSurrogate(text[from]) || from + 1 == text.Length || !char.IsLowSurrogate(text[from + 1]))
            {
                return from;
            }

            from += 2;
        }

        return -1;
    }
}

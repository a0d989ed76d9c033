using System.Xml;

namespace Farwire.Protocol.Xml;

/// <summary>Refuses start tags with very many namespace declarations before the message is parsed.</summary>
/// <remarks>
/// A reader looks a prefix up among all declarations in scope: half a megabyte of declarations and of elements that use the first of them costs
/// seconds. No peer declares more than a dozen in one tag.
/// </remarks>
internal static class NamespaceBound
{
    private const int MaxPerTag = 32;
    private const int Suspicious = 512; // fewer in the whole message harm nobody, however they lie

    public static void Check(ReadOnlySpan<byte> xml)
    {
        if (xml.Count("xmlns"u8) <= Suspicious)
        {
            return;
        }

        while (xml.IndexOf((byte)'<') is >= 0 and var start)
        {
            xml = xml[start..];
            var end = xml.StartsWith("<!--"u8) ? After(xml, "-->"u8)
                : xml.StartsWith("<![CDATA["u8) ? After(xml, "]]>"u8)
                : EndOfTag(xml);
            if (xml[1..end].Count("xmlns"u8) > MaxPerTag && xml[1] != '!')
            {
                throw new XmlException($"A start tag declares more than {MaxPerTag} namespaces.");
            }

            xml = xml[end..];
        }
    }

    private static int After(ReadOnlySpan<byte> xml, ReadOnlySpan<byte> end) => xml.IndexOf(end) is >= 0 and var at ? at + end.Length : xml.Length;

    // A '>' inside of quotes does not end the tag.
    private static int EndOfTag(ReadOnlySpan<byte> xml)
    {
        for (var at = 1; at < xml.Length; at++)
        {
            var next = xml[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (next < 0)
            {
                return xml.Length;
            }

            at += next;
            if (xml[at] == '>')
            {
                return at + 1;
            }

            var quote = xml[(at + 1)..].IndexOf(xml[at]);
            if (quote < 0)
            {
                return xml.Length;
            }

            at += quote + 1;
        }

        return xml.Length;
    }
}

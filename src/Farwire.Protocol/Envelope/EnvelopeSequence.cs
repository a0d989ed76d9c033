namespace Farwire.Protocol.Envelope;

/// <summary>Several envelopes behind one another, as an answer of several messages has them: finds where each ends.</summary>
/// <remarks>
/// MS-WSMV, "Full Duplex": one envelope a chunk. What reads HTTP does not tell where chunks ended, so that the markup must. Whether it is well-formed is for the
/// reader of each envelope; what is left over comes last, to be refused there.
/// </remarks>
public static class EnvelopeSequence
{
    /// <summary>The envelopes of <paramref name="utf8"/>, each with what stands before it.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> utf8)
    {
        while (EndOfFirst(utf8.Span) is > 0 and var end)
        {
            yield return utf8[..end];
            utf8 = utf8[end..];
        }

        if (!utf8.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            yield return utf8;
        }
    }

    // Behind the first element of the outermost level; 0 when none ends.
    private static int EndOfFirst(ReadOnlySpan<byte> utf8)
    {
        var depth = 0;
        for (var at = 0; utf8[at..].IndexOf((byte)'<') is >= 0 and var skip;)
        {
            at += skip;
            var markup = utf8[at..];
            var length = markup.StartsWith("<!--"u8) ? Behind(markup, "-->"u8)
                : markup.StartsWith("<![CDATA["u8) ? Behind(markup, "]]>"u8)
                : markup.StartsWith("<?"u8) ? Behind(markup, "?>"u8)
                : TagLength(markup);
            if (length == 0)
            {
                return 0;
            }

            at += length;
            if (markup[1] is (byte)'!' or (byte)'?')
            {
                continue;
            }

            depth += markup[1] == '/' ? -1 : markup[length - 2] == '/' ? 0 : 1;
            if (depth <= 0)
            {
                return at;
            }
        }

        return 0;
    }

    private static int Behind(ReadOnlySpan<byte> markup, ReadOnlySpan<byte> end) => markup.IndexOf(end) is >= 0 and var at ? at + end.Length : 0;

    // A value may hold what ends a tag.
    private static int TagLength(ReadOnlySpan<byte> markup)
    {
        for (var at = 1; at < markup.Length;)
        {
            var skip = markup[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (skip < 0)
            {
                return 0;
            }

            at += skip;
            if (markup[at] == '>')
            {
                return at + 1;
            }

            var quoted = markup[(at + 1)..].IndexOf(markup[at]);
            if (quoted < 0)
            {
                return 0;
            }

            at += quoted + 2;
        }

        return 0;
    }
}

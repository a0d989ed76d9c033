using System.Text;

namespace Farwire.CommandLine.Grammar;

/// <summary>Properties on the command line: <c>@{Name="value";Other=$null}</c>. Keys may repeat: that is an array.</summary>
public static class HashInput
{
    private const int MaxPairs = 1024;

    /// <summary>True when the word is meant as such input.</summary>
    public static bool IsHash(string word) => word.StartsWith("@{", StringComparison.Ordinal);

    /// <summary>Reads the pairs; a null value is <c>$null</c>.</summary>
    /// <exception cref="UsageException">The text does not have the form.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> Parse(string text)
    {
        var start = text.StartsWith('@') ? 1 : 0;
        if (text.Length > start && text[start] == '{' && text[^1] != '}')
        {
            // What Windows' prompt leaves alone, bash and zsh cut in pieces at ';'.
            throw new UsageException($"'{text}' does not end with '}}'; in bash and zsh put all of it in single quotes: '{text};…}}'.") { ShowsForm = true };
        }

        if (text.Length < start + 2 || text[start] != '{' || text[^1] != '}')
        {
            throw new UsageException($"'{text}' is not of the form @{{Name=\"value\";Other=\"value\"}}.");
        }

        var pairs = new List<KeyValuePair<string, string?>>();
        var position = start + 1;
        var end = text.Length - 1;
        while (true)
        {
            Skip(text, ref position, end);
            if (position >= end)
            {
                return pairs;
            }

            if (pairs.Count == MaxPairs)
            {
                throw new UsageException($"at most {MaxPairs} pairs can be given; use -file for more.");
            }

            var equals = text.IndexOf('=', position, end - position);
            var key = equals < 0 ? "" : text[position..equals].Trim();
            if (key.Length == 0 || key.AsSpan().IndexOfAny("\";{} ") >= 0)
            {
                throw new UsageException($"at character {position + 1} of '{text}' a name and '=' were expected.");
            }

            position = equals + 1;
            Skip(text, ref position, end);
            pairs.Add(KeyValuePair.Create(key, Value(key, text, ref position, end)));
            Skip(text, ref position, end);
            if (position < end && text[position++] is not ';')
            {
                throw new UsageException($"at character {position} of '{text}' a ';' was expected.");
            }
        }
    }

    // A value in double or single quotes, with the quote doubled or after a backslash inside; $null; or plain text up to the semicolon, as
    // shells that eat quotes leave it.
    private static string? Value(string key, string text, ref int position, int end)
    {
        if (position < end && text[position] is '"' or '\'')
        {
            return Quoted(text, ref position, end);
        }

        var semicolon = text.IndexOf(';', position, end - position);
        var plain = text[position..(semicolon < 0 ? end : semicolon)].Trim();
        position = semicolon < 0 ? end : semicolon;

        // Either shells took "" away, or $null.
        return plain.Length == 0 ? throw new UsageException($"'{key}' has no value; in bash and zsh put all of it in single quotes: '@{{{key}=\"\"}}', or '@{{{key}=$null}}' for none.") { ShowsForm = true }
            : plain.Equals("$null", StringComparison.OrdinalIgnoreCase) ? null
            : plain;
    }

    private static string Quoted(string text, ref int position, int end)
    {
        var quote = text[position++];
        var value = new StringBuilder();
        while (position < end)
        {
            var c = text[position++];
            if (c == quote)
            {
                if (position < end && text[position] == quote)
                {
                    position++;
                }
                else
                {
                    return value.ToString();
                }
            }
            else if (c == '\\' && position < end && text[position] == quote)
            {
                c = text[position++];
            }

            value.Append(c);
        }

        throw new UsageException($"the value that begins with {quote} in '{text}' does not end.");
    }

    private static void Skip(string text, ref int position, int end)
    {
        while (position < end && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }
}

using System.Text;

namespace Farwire.Source.Syslog;

/// <summary>The structured data of a message: elements with parameters.</summary>
/// <remarks>RFC 5424, "STRUCTURED-DATA".</remarks>
internal static class StructuredData
{
    /// <summary>Parameters of one message that are kept.</summary>
    public const int MaxParameters = 256;

    // [id name="value" name="value"][id …], in values \" \\ and \]

    /// <summary>The length of the structured data at the beginning of <paramref name="text"/>; 0 when it is none.</summary>
    public static int LengthOf(ReadOnlySpan<char> text) => Read(text, static (_, _) => { });

    /// <summary>Every parameter of <paramref name="text"/>, named <c>id/name</c>.</summary>
    public static List<(string Name, string Value)> ParametersOf(string text)
    {
        var all = new List<(string, string)>();
        Read(text, (name, value) =>
        {
            if (all.Count < MaxParameters)
            {
                all.Add((name, value));
            }
        });
        return all;
    }

    private static int Read(ReadOnlySpan<char> text, Action<string, string> take)
    {
        var at = 0;
        while (at < text.Length && text[at] == '[')
        {
            at++;
            var id = Name(text, ref at);
            if (id.IsEmpty)
            {
                return 0;
            }

            while (at < text.Length && text[at] == ' ')
            {
                at++;
                var name = Name(text, ref at);
                if (name.IsEmpty || at + 1 >= text.Length || text[at] != '=' || text[at + 1] != '"')
                {
                    return 0;
                }

                at += 2;
                if (Value(text, ref at) is not { } value)
                {
                    return 0;
                }

                take($"{id}/{name}", value);
            }

            if (at >= text.Length || text[at] != ']')
            {
                return 0;
            }

            at++;
        }

        return at;
    }

    // 1 to 32 visible characters, none of them = ] "
    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        while (at < text.Length && at - start < 32 && text[at] is > ' ' and < '\x7F' and not '=' and not ']' and not '"')
        {
            at++;
        }

        return text[start..at];
    }

    private static string? Value(ReadOnlySpan<char> text, ref int at)
    {
        var value = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                return value.ToString();
            }

            if (text[at] == ']')
            {
                return null;
            }

            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or ']')
            {
                at++;
            }

            value.Append(text[at]);
        }

        return null;
    }
}

namespace Farwire.Security.Digest;

/// <summary>The parameters of a header of Digest: <c>name=token</c> or <c>name="quoted \" string"</c>, with commas between.</summary>
/// <remarks>RFC 9110, "Authentication Parameters".</remarks>
internal static class DigestParameters
{
    private const int MaxLength = 4096;
    private const int MaxParameters = 32;

    /// <summary>Reads them; null when there is too much of them. Names have no case, and a second one of a name is a contradiction.</summary>
    public static Dictionary<string, string>? Read(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (text.Length <= MaxLength && Next(text, ref at, out var name, out var value))
        {
            if (!values.TryAdd(name, value) || values.Count > MaxParameters)
            {
                return null;
            }
        }

        return text.Length <= MaxLength ? values : null;
    }

    /// <summary>A value between quotes.</summary>
    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool Next(string text, ref int at, out string name, out string value)
    {
        name = value = "";
        while (at < text.Length && (text[at] is ' ' or ',' or '\t'))
        {
            at++;
        }

        var equals = text.IndexOf('=', at);
        if (equals < 0)
        {
            return false;
        }

        name = text[at..equals].Trim();
        at = equals + 1;
        if (at >= text.Length || text[at] != '"')
        {
            var comma = text.IndexOf(',', at);
            value = text[at..(comma < 0 ? text.Length : comma)].Trim();
            at = comma < 0 ? text.Length : comma;
            return true;
        }

        var unquoted = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            unquoted.Append(text[at]);
        }

        at = Math.Min(at + 1, text.Length);
        value = unquoted.ToString();
        return true;
    }
}

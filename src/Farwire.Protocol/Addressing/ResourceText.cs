using Farwire.Protocol.Names;

namespace Farwire.Protocol.Addressing;

/// <summary>A resource as people and scripts write it: <c>wmicimv2/Win32_Service?Name=WinRM+Other=x</c>.</summary>
/// <remarks>WinRM documentation, "Resource URIs": keys stand behind a question mark, joined by plus signs.</remarks>
public static class ResourceText
{
    /// <summary>Reads the text; an alias is written out.</summary>
    /// <exception cref="FormatException">A key has no value.</exception>
    public static EndpointReference Parse(string text)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var uri = ResourceAliases.Expand(question < 0 ? text : text[..question]);
        if (question < 0)
        {
            return new EndpointReference { ResourceUri = uri };
        }

        var selectors = new List<Selector>();
        foreach (var pair in text[(question + 1)..].Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            selectors.Add(equals > 0
                ? new Selector(pair[..equals].Trim(), Unquoted(pair[(equals + 1)..]))
                : throw new FormatException($"'{pair}' is not of the form Key=Value; several keys are joined by '+'."));
        }

        return new EndpointReference { ResourceUri = uri, Selectors = SelectorSet.From(selectors) };
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' ? value[1..^1] : value;
}

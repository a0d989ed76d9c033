using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Grammar;

/// <summary>A resource on the command line: <c>wmicimv2/Win32_Service?Name=WinRM+Other=x</c>.</summary>
/// <param name="Uri">The resource URI, its alias expanded.</param>
/// <param name="Selectors">The keys after the question mark.</param>
public sealed record ResourceWord(string Uri, SelectorSet Selectors)
{
    private static readonly (string Alias, string Uri)[] Aliases =
    [
        ("wmicimv2", ResourceUris.WmiCimV2),
        ("wmi", ResourceUris.Wmi),
        ("cimv2", ResourceUris.CimSchema),
        ("winrm", ResourceUris.Microsoft),
        ("wsman", ResourceUris.Microsoft),
        ("shell", ResourceUris.Shell),
    ];

    /// <summary>Reads the word.</summary>
    /// <exception cref="UsageException">A selector without a value.</exception>
    public static ResourceWord Parse(string word)
    {
        var question = word.IndexOf('?', StringComparison.Ordinal);
        var uri = Expand(question < 0 ? word : word[..question]);
        if (question < 0)
        {
            return new ResourceWord(uri, SelectorSet.Empty);
        }

        var selectors = new List<Selector>();
        foreach (var pair in word[(question + 1)..].Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            selectors.Add(equals > 0
                ? new Selector(pair[..equals].Trim(), Unquoted(pair[(equals + 1)..]))
                : throw new UsageException($"'{pair}' is not of the form Key=Value; several keys are joined by '+'."));
        }

        return new ResourceWord(uri, SelectorSet.From(selectors));
    }

    private static string Expand(string uri)
    {
        foreach (var (alias, root) in Aliases)
        {
            if (uri.StartsWith(alias, StringComparison.OrdinalIgnoreCase) && (uri.Length == alias.Length || uri[alias.Length] == '/'))
            {
                return root + uri[alias.Length..];
            }
        }

        return uri;
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' ? value[1..^1] : value;
}

using System.Text.RegularExpressions;

namespace Farwire.Service.Plugins;

/// <summary>Variables in the name of a program or an assembly: <c>%NAME%</c> and <c>${NAME}</c>, of the process that expands them.</summary>
public static partial class PluginVariables
{
    /// <summary>The text with every variable replaced by its value; one that is not set stays as it is, and the path will not be found.</summary>
    public static string Expand(string text) => Variable().Replace(text, match =>
        Environment.GetEnvironmentVariable(match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value) is { Length: > 0 } value ? value : match.Value);

    [GeneratedRegex(@"%([A-Za-z_][A-Za-z0-9_]*)%|\$\{([A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}

using Farwire.Client.PowerShell;

namespace Farwire.CommandLine.PowerShell;

/// <summary>The words behind a script on the command line, as its parameters.</summary>
/// <remarks>
/// As <c>pwsh -File</c> takes them: <c>-Name value</c>, <c>-Name:value</c>, <c>-Switch</c>, and words without a name in order. Whether a value belongs to
/// a name the script's own <c>param()</c> says, so names go over with their dash and without a value. Values are text; PowerShell makes of them what the
/// parameter is.
/// </remarks>
internal static class ScriptArguments
{
    public static IReadOnlyList<KeyValuePair<string?, object?>> Read(IEnumerable<string> words) => [.. words.Select(Read)];

    private static KeyValuePair<string?, object?> Read(string word)
    {
        if (word.Length < 2 || word[0] != '-' || !(char.IsLetter(word[1]) || word[1] == '_'))
        {
            return new(null, word);
        }

        return word.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon
            ? new(word[1..colon], Value(word[(colon + 1)..]))
            : new(word, null);
    }

    // -Force:$false is the one value that text cannot say.
    private static object? Value(string text) => text.ToUpperInvariant() switch { "$TRUE" => true, "$FALSE" => false, "$NULL" => null, _ => text };

    /// <summary>The same as parameters of a command.</summary>
    public static PowerShellCommand Apply(PowerShellCommand command, IEnumerable<string> words) => command with { Parameters = Read(words) };
}

namespace Farwire.CommandLine.Files;

/// <summary>A place on the command line of <c>farwire cp</c>: <c>HOST:PATH</c> there, anything else here.</summary>
/// <remarks>
/// As scp has it: a colon before the first slash says that it is remote; <c>./a:b</c> is a file of this machine. A single letter before the colon is a drive
/// of Windows. An empty host is the one that <c>--host</c> or <c>--connect</c> names.
/// </remarks>
/// <param name="Host">The host; null for this machine.</param>
/// <param name="Path">The path there or here.</param>
internal sealed record RemotePath(string? Host, string Path)
{
    public static RemotePath Parse(string word)
    {
        // [::1]:path, https://host:5986:path
        var from = word.StartsWith('[') ? Math.Max(0, word.IndexOf(']', StringComparison.Ordinal))
            : word.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? AfterPort(word)
            : 0;
        var colon = word.IndexOf(':', from);
        return colon < 0 || colon == 1 || word.AsSpan(from, colon - from).Contains('/') ? new RemotePath(null, word) : new RemotePath(word[..colon], word[(colon + 1)..]);
    }

    private static int AfterPort(string word)
    {
        var host = word.IndexOf("://", StringComparison.Ordinal) + 3;
        var colon = word.IndexOf(':', word.IndexOf(']', host) is >= 0 and var bracket ? bracket : host);
        if (colon < 0)
        {
            return word.Length;
        }

        var end = colon + 1;
        while (end < word.Length && char.IsAsciiDigit(word[end]))
        {
            end++;
        }

        return end > colon + 1 && end < word.Length && word[end] == ':' ? end : colon;
    }
}

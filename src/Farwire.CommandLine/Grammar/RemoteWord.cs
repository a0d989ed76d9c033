namespace Farwire.CommandLine.Grammar;

/// <summary>The service on the command line: <c>[http://|https://]HOST[:PORT][/PREFIX]</c>.</summary>
/// <remarks>
/// The ports without a PORT: written out, http is 80 and https is 443, as everywhere; a bare host is WinRM's own 5985, and with <c>-usessl</c> 5986.
/// Without a PREFIX the path is <c>wsman</c>.
/// </remarks>
internal static class RemoteWord
{
    /// <summary>Reads the word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="useSsl">A bare host is meant over TLS.</param>
    /// <param name="httpPort">The port of a bare host (DefaultPorts).</param>
    /// <param name="httpsPort">The same over TLS.</param>
    /// <param name="prefix">The path where none is given (URLPrefix).</param>
    /// <exception cref="UsageException">It does not have the form.</exception>
    public static Uri Parse(string word, bool useSsl, int httpPort = 5985, int httpsPort = 5986, string prefix = "wsman")
    {
        var written = word.Contains("://", StringComparison.Ordinal);
        if (written && useSsl)
        {
            throw new UsageException("-usessl goes with a host without http:// or https:// only.");
        }

        var text = written ? word : $"{(useSsl ? "https" : "http")}://{word}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new UsageException($"'{word}' is not of the form [http://|https://]HOST[:PORT][/PREFIX].");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new UsageException("a user does not stand in the address; give -u:USER.");
        }

        var builder = new UriBuilder(address);
        if (!written && !HasPort(word))
        {
            builder.Port = useSsl ? httpsPort : httpPort;
        }

        builder.Path = address.AbsolutePath is "/" ? prefix : address.AbsolutePath;
        return builder.Uri;
    }

    // host:80 is not the same as host, though a Uri says so.
    private static bool HasPort(string word)
    {
        var authority = word.Split('/')[0];
        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }
}

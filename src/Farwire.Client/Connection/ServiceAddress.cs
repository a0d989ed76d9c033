namespace Farwire.Client.Connection;

/// <summary>The address of a service as people and scripts write it: <c>[http://|https://]HOST[:PORT][/PREFIX]</c>.</summary>
/// <remarks>
/// The ports without a PORT: written out, http is 80 and https is 443, as everywhere; a bare host is WinRM's own 5985, and over TLS 5986. Without a
/// PREFIX the path is <c>wsman</c>. An IPv6 address stands in brackets.
/// </remarks>
public static class ServiceAddress
{
    /// <summary>Reads the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="useTls">A bare host is meant over TLS.</param>
    /// <param name="httpPort">The port of a bare host (DefaultPorts).</param>
    /// <param name="httpsPort">The same over TLS.</param>
    /// <param name="prefix">The path where none is given (URLPrefix).</param>
    /// <exception cref="FormatException">It does not have the form.</exception>
    public static Uri Parse(string text, bool useTls = false, int httpPort = 5985, int httpsPort = 5986, string prefix = "wsman")
    {
        var written = IsWritten(text);
        if (written && useTls)
        {
            throw new FormatException("TLS by choice goes with a host without http:// or https:// only.");
        }

        var whole = written ? text : $"{(useTls ? "https" : "http")}://{text}";
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new FormatException($"'{text}' is not of the form [http://|https://]HOST[:PORT][/PREFIX].");
        }

        if (address.UserInfo.Length > 0)
        {
            throw new FormatException("A user does not stand in the address.");
        }

        var builder = new UriBuilder(address);
        if (!written && !HasPort(text))
        {
            builder.Port = useTls ? httpsPort : httpPort;
        }

        builder.Path = address.AbsolutePath is "/" ? prefix : address.AbsolutePath;
        return builder.Uri;
    }

    /// <summary>True when http:// or https:// is written out.</summary>
    public static bool IsWritten(string text) => text.Contains("://", StringComparison.Ordinal);

    // host:80 is not the same as host, though a Uri says so.
    private static bool HasPort(string text)
    {
        var authority = text.Split('/')[0];
        return authority.LastIndexOf(':') > authority.LastIndexOf(']');
    }
}

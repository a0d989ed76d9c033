using Farwire.Client.Connection;

namespace Farwire.CommandLine.Grammar;

/// <summary>The service on the command line, as <see cref="ServiceAddress"/> describes it.</summary>
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
        if (useSsl && ServiceAddress.IsWritten(word))
        {
            throw new UsageException("-usessl goes with a host without http:// or https:// only.");
        }

        try
        {
            return ServiceAddress.Parse(word, useSsl, httpPort, httpsPort, prefix);
        }
        catch (FormatException e)
        {
            throw new UsageException(word.Contains('@', StringComparison.Ordinal) ? "a user does not stand in the address; give -u:USER." : e.Message);
        }
    }
}

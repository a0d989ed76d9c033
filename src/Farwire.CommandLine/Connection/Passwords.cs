using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.Connection;

/// <summary>
/// Where a password comes from: -p, --password-file, --password-stdin, the connection file, a file of hosts, FARWIRE_PASSWORD, the keyring of the desktop,
/// a helper program, the person at the terminal, in this order.
/// </summary>
internal static class Passwords
{
    /// <summary>The host that the password is for, as a value of the line.</summary>
    public const string Host = "host-of-password";

    public static string Find(Switches switches, Terminal terminal, string user, string? fromConnection)
    {
        if (switches["password"] is { } given)
        {
            terminal.Errors.WriteLine("Warning: others on this machine can read a password on the command line; use --password-file or FARWIRE_PASSWORD.");
            return given;
        }

        if (switches["--password-file"] is { } file)
        {
            return FirstLine(file, terminal);
        }

        if (switches.Has("--password-stdin"))
        {
            return terminal.Input.ReadLine() ?? throw new UsageException("--password-stdin: standard input is empty.");
        }

        var host = switches[Host] ?? "";
        return fromConnection ?? switches[HostSwitches.PasswordOfFile] ?? terminal.Environment("FARWIRE_PASSWORD")
            ?? SecretService.Find(terminal, host, user)
            ?? (switches["--credential-helper"] is { } helper ? CredentialHelper.Ask(helper, host, user) : null)
            ?? terminal.AskSecret($"Password of {user}: ")
            ?? throw new UsageException($"the password of {user} is missing: give --password-file FILE, set FARWIRE_PASSWORD, or write it on standard input.");
    }

    /// <summary>The proxy's password: -proxypassword, FARWIRE_PROXY_PASSWORD, the person at the terminal.</summary>
    public static string FindForProxy(Switches switches, Terminal terminal, string user)
    {
        if (switches["proxypassword"] is { } given)
        {
            terminal.Errors.WriteLine("Warning: others on this machine can read a password on the command line; use FARWIRE_PROXY_PASSWORD.");
            return given;
        }

        return terminal.Environment("FARWIRE_PROXY_PASSWORD") ?? terminal.AskSecret($"Password of {user} at the proxy: ")
            ?? throw new UsageException($"the password of {user} at the proxy is missing: set FARWIRE_PROXY_PASSWORD.");
    }

    private static string FirstLine(string file, Terminal terminal)
    {
        try
        {
            return (file == "-" ? terminal.Input.ReadLine() : File.ReadLines(file).FirstOrDefault()) ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--password-file: {e.Message}");
        }
    }
}

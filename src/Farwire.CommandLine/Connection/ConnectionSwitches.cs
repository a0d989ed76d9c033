using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>From the switches that say where and who to the options of a connection.</summary>
/// <remarks>The password comes, in this order, from -p, --password-file, --connect, FARWIRE_PASSWORD, or is asked for.</remarks>
internal static class ConnectionSwitches
{
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["remote"] = "remote:", ["r"] = "remote:", ["machine"] = "remote:",
        ["username"] = "username:", ["u"] = "username:",
        ["password"] = "password:", ["p"] = "password:",
        ["authentication"] = "authentication:", ["auth"] = "authentication:", ["a"] = "authentication:",
        ["usessl"] = "usessl", ["ssl"] = "usessl",
        ["unencrypted"] = "unencrypted", ["un"] = "unencrypted",
        ["timeout"] = "timeout:",
        ["--pin"] = "--pin:", ["--ca"] = "--ca:", ["--connect"] = "--connect:", ["--password-file"] = "--password-file:",
    };

    public static WSManConnectionOptions Read(Switches switches, Terminal terminal, bool anonymous)
    {
        var options = switches["--connect"] is { } file ? FromFile(file, switches) : FromRemote(switches);
        if (switches["authentication"] is { } scheme && !scheme.Equals("basic", StringComparison.OrdinalIgnoreCase))
        {
            anonymous = scheme.Equals("none", StringComparison.OrdinalIgnoreCase)
                ? true
                : throw new UsageException($"-authentication:{scheme} is not offered by this client; 'basic' and, for identify, 'none' are.");
        }

        var user = anonymous && switches["authentication"] is not null ? null : switches["username"] ?? options.User;
        return options with
        {
            User = user,
            Password = user is null ? null : Password(switches, terminal, user, options.Password),
            CertificateSha256 = switches["--pin"] ?? options.CertificateSha256,
            TrustedAuthorities = switches["--ca"] is { } authorities ? ReadAuthorities(authorities) : null,
            OperationTimeout = switches["timeout"] is { } timeout ? Timeout(timeout) : options.OperationTimeout,
        };
    }

    private static WSManConnectionOptions FromRemote(Switches switches)
    {
        var remote = switches["remote"] ?? "localhost";
        var ssl = switches.Has("usessl");
        if (remote.Contains("://", StringComparison.Ordinal))
        {
            if (ssl)
            {
                throw new UsageException("-usessl goes with a host without http:// or https:// only.");
            }
        }
        else
        {
            remote = $"{(ssl || !switches.Has("unencrypted") ? "https" : "http")}://{remote}";
            var authority = remote[(remote.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('/')[0];
            if (!HasPort(authority))
            {
                var at = remote.Length - (remote.Length - remote.IndexOf(authority, StringComparison.Ordinal) - authority.Length);
                remote = remote.Insert(at, remote.StartsWith("https", StringComparison.Ordinal) ? ":5986" : ":5985");
            }
        }

        if (!Uri.TryCreate(remote, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"'{remote}' is not of the form [http://|https://]HOST[:PORT][/PREFIX].");
        }

        return new WSManConnectionOptions
        {
            Address = address.AbsolutePath == "/" ? new Uri(address, "wsman") : address,
            AllowUnencrypted = switches.Has("unencrypted"),
        };
    }

    private static bool HasPort(string authority) =>
        authority.LastIndexOf(':') is var colon and > 0 && !authority.EndsWith(']') && authority.IndexOf(']', StringComparison.Ordinal) < colon;

    private static WSManConnectionOptions FromFile(string file, Switches switches)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = json.RootElement;
            var clear = switches.Has("unencrypted");
            return new WSManConnectionOptions
            {
                Address = new Uri(root.GetProperty(clear ? "http" : "https").GetString()!),
                AllowUnencrypted = clear,
                User = root.GetProperty("user").GetString(),
                Password = root.GetProperty("password").GetString(),
                CertificateSha256 = root.GetProperty("certificateSha256").GetString(),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            throw new UsageException($"{file} is not a connection.json that 'farwired run --ephemeral' wrote: {e.Message}");
        }
    }

    private static string Password(Switches switches, Terminal terminal, string user, string? fromConnection)
    {
        if (switches["password"] is { } given)
        {
            terminal.Errors.WriteLine("Warning: others on this machine can read a password on the command line; use --password-file or FARWIRE_PASSWORD.");
            return given;
        }

        if (switches["--password-file"] is { } file)
        {
            try
            {
                return File.ReadLines(file).FirstOrDefault() ?? "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"--password-file: {e.Message}");
            }
        }

        return fromConnection ?? terminal.Environment("FARWIRE_PASSWORD") ?? terminal.AskSecret($"Password of {user}: ")
            ?? throw new UsageException($"the password of {user} is missing: give --password-file FILE or set FARWIRE_PASSWORD.");
    }

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new UsageException($"--ca: {file} holds no certificate in PEM.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UsageException($"--ca: {e.Message}");
        }
    }

    private static TimeSpan Timeout(string milliseconds) =>
        int.TryParse(milliseconds, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0
            ? TimeSpan.FromMilliseconds(number)
            : throw new UsageException($"-timeout is a number of milliseconds, not '{milliseconds}'.");
}

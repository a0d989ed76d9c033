using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Envelope;
using Farwire.Security.Kerberos;

namespace Farwire.CommandLine.Connection;

/// <summary>From the switches that say where and who to the options of a connection.</summary>
internal static class ConnectionSwitches
{
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["remote"] = "remote:", ["r"] = "remote:", ["machine"] = "remote:",
        ["username"] = "username:", ["u"] = "username:",
        ["password"] = "password:", ["p"] = "password:",
        ["authentication"] = "authentication:", ["auth"] = "authentication:", ["a"] = "authentication:",
        ["certificate"] = "certificate:", ["c"] = "certificate:",
        ["spnport"] = "spnport",
        ["usessl"] = "usessl", ["ssl"] = "usessl",
        ["unencrypted"] = "unencrypted", ["un"] = "unencrypted",
        ["skipcacheck"] = "skipcacheck", ["skipcncheck"] = "skipcncheck",
        ["encoding"] = "encoding:",
        ["timeout"] = "timeout:",
        ["--delegate-to"] = "--delegate-to:", ["--delegate-to-ntlm"] = "--delegate-to-ntlm:",
        ["--pin"] = "--pin:", ["--ca"] = "--ca:", ["--connect"] = "--connect:", ["--password-file"] = "--password-file:",
    };

    public static WSManConnectionOptions Read(Switches switches, Terminal terminal, bool anonymous)
    {
        var options = switches["--connect"] is { } file ? FromFile(file, switches) : FromRemote(switches);
        var asked = MethodOf(switches);
        if (asked == AuthenticationMethod.None && !anonymous)
        {
            throw new UsageException("-authentication:none goes with identify only.");
        }

        var user = asked is AuthenticationMethod.None or AuthenticationMethod.Certificate ? null : switches["username"] ?? options.User;
        var certificate = switches["certificate"] is { } named ? ClientCertificates.Find(named) : null;
        if (asked is { } method)
        {
            AuthenticationChoice.Check(method, options.Address, user is not null, certificate is not null);
        }

        // In clear, without a user, there is nothing to prove with.
        return options with
        {
            Authentication = asked ?? (switches.Has("--connect") || (user is null && (anonymous || switches.Has("unencrypted"))) ? null : Choose(options.Address, user)),
            User = user,
            Password = user is null ? null : Passwords.Find(switches, terminal, user, switches["username"] is null ? options.Password : null),
            ClientCertificate = certificate,
            DelegateCredentials = switches.Has("allowdelegate"),
            DelegateTo = List(switches["--delegate-to"]),
            DelegateToNtlm = List(switches["--delegate-to-ntlm"]),
            SpnPort = switches.Has("spnport"),
            CertificateSha256 = switches["--pin"] ?? options.CertificateSha256,
            TrustedAuthorities = switches["--ca"] is { } authorities ? ReadAuthorities(authorities) : null,
            SkipCACheck = switches.Has("skipcacheck"),
            SkipCNCheck = switches.Has("skipcncheck"),
            Encoding = EncodingOf(switches["encoding"]),
            OperationTimeout = switches["timeout"] is { } timeout ? Timeout(timeout) : options.OperationTimeout,
        };
    }

    // Which hosts are trusted is asked elsewhere; here nobody is kept out for it.
    private static AuthenticationMethod Choose(Uri address, string? user) =>
        AuthenticationChoice.Choose(address, user is not null, user is null && KerberosInitiator.HasTickets, isTrusted: true);

    private static string[] List(string? commas) => commas?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static AuthenticationMethod? MethodOf(Switches switches) => switches["authentication"]?.ToUpperInvariant() switch
    {
        null => switches.Has("certificate") ? AuthenticationMethod.Certificate : null,
        "NONE" => AuthenticationMethod.None,
        "BASIC" => AuthenticationMethod.Basic,
        "DIGEST" => AuthenticationMethod.Digest,
        "NEGOTIATE" => AuthenticationMethod.Negotiate,
        "KERBEROS" => AuthenticationMethod.Kerberos,
        "CERTIFICATE" => AuthenticationMethod.Certificate,
        "CREDSSP" => AuthenticationMethod.CredSsp,
        _ => throw new UsageException($"-authentication:{switches["authentication"]} is none of none, basic, digest, negotiate, kerberos, certificate and credssp."),
    };

    private static WSManConnectionOptions FromRemote(Switches switches)
    {
        var address = RemoteWord.Parse(switches["remote"] ?? "localhost", switches.Has("usessl"));
        var tls = address.Scheme == Uri.UriSchemeHttps;
        foreach (var name in (string[])["skipcacheck", "skipcncheck", "--pin", "--ca"])
        {
            if (!tls && switches.Has(name))
            {
                throw new UsageException($"{(name[0] == '-' ? name : "-" + name)} is about a certificate, and {address} has none; use https:// or -usessl.");
            }
        }

        return new WSManConnectionOptions { Address = address, AllowUnencrypted = switches.Has("unencrypted") };
    }

    private static WSManConnectionOptions FromFile(string file, Switches switches)
    {
        if (switches.Has("remote") || switches.Has("usessl"))
        {
            throw new UsageException("--connect says where already; leave out -remote and -usessl.");
        }

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--connect: {e.Message.TrimEnd('.')}. Does the service still run?");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or UriFormatException)
        {
            throw new UsageException($"{file} is not a connection.json that 'farwired run --ephemeral' wrote: {e.Message}");
        }
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

    private static MessageEncoding EncodingOf(string? name) => name?.ToUpperInvariant() switch
    {
        null or "UTF-8" => MessageEncoding.Utf8,
        "UTF-16" => MessageEncoding.Utf16,
        _ => throw new UsageException($"-encoding is utf-8 or utf-16, not '{name}'."),
    };

    private static TimeSpan Timeout(string milliseconds) =>
        int.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? TimeSpan.FromMilliseconds(number)
            : throw new UsageException($"-timeout is a number of milliseconds, not '{milliseconds}'.");
}

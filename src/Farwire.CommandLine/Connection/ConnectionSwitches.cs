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
        ["skipcacheck"] = "skipcacheck", ["skipcncheck"] = "skipcncheck", ["skiprevocationcheck"] = "skiprevocationcheck",
        ["defaultcreds"] = "defaultcreds",
        ["proxyaccess"] = "proxyaccess:", ["pac"] = "proxyaccess:",
        ["proxyauthentication"] = "proxyauthentication:", ["proxyauth"] = "proxyauthentication:", ["pa"] = "proxyauthentication:",
        ["proxyusername"] = "proxyusername:", ["pu"] = "proxyusername:",
        ["proxypassword"] = "proxypassword:", ["pp"] = "proxypassword:",
        ["--profile"] = "--profile:", ["--jump"] = "--jump:", ["--credential-helper"] = "--credential-helper:", ["--password-stdin"] = "--password-stdin",
        ["--proxy"] = "--proxy:", ["--trusted-hosts"] = "--trusted-hosts:", ["--trust-first-use"] = "--trust-first-use",
        ["encoding"] = "encoding:",
        ["timeout"] = "timeout:",
        ["--delegate-to"] = "--delegate-to:", ["--delegate-to-ntlm"] = "--delegate-to-ntlm:",
        ["--pin"] = "--pin:", ["--ca"] = "--ca:", ["--connect"] = "--connect:", ["--password-file"] = "--password-file:",
    };

    /// <summary>How to connect.</summary>
    /// <param name="switches">The line.</param>
    /// <param name="terminal">Whom to ask for what is missing.</param>
    /// <param name="anonymous">It goes without a user too.</param>
    /// <param name="passwordOf">Where passwords come from; null looks in all the places.</param>
    /// <exception cref="UsageException">What the line says does not fit together.</exception>
    public static WSManConnectionOptions Read(Switches switches, Terminal terminal, bool anonymous, Func<Switches, Terminal, string, string?, string>? passwordOf = null)
    {
        switches = Profiles.Apply(switches, terminal);
        if (IsLocal(switches))
        {
            return Local(switches, terminal);
        }

        var settings = ClientSettings.Load(terminal);
        var options = switches["--connect"] is { } file ? FromFile(file, switches) : FromRemote(switches, settings);
        var asked = MethodOf(switches);
        if (asked == AuthenticationMethod.None && !anonymous)
        {
            throw new UsageException("-authentication:none goes with identify only.");
        }

        var user = asked is AuthenticationMethod.None or AuthenticationMethod.Certificate ? null : switches["username"] ?? options.User;
        var isNobody = anonymous && (asked == AuthenticationMethod.None || (asked is null && user is null && options.AllowUnencrypted));
        if (options.AllowUnencrypted && !isNobody)
        {
            settings.CheckUnencrypted(options.Address);
        }

        var (certificate, chain) = switches["certificate"] is { } named ? ClientCertificates.Find(named) : (null, null);
        var trusted = Hosts(switches["--trusted-hosts"]) ?? settings.TrustedHosts;
        if (asked is { } method)
        {
            settings.Check(method);
            AuthenticationChoice.Check(method, options.Address, user is not null, certificate is not null);
        }
        else if (!switches.Has("--connect") && (user is not null || !(anonymous || switches.Has("unencrypted"))))
        {
            // In clear, without a user, there is nothing to prove with; nor does identify need it.
            asked = AuthenticationChoice.Choose(options.Address, user is not null, user is null && KerberosInitiator.HasTickets, trusted.Holds(options.Address));
            settings.Check(asked.Value);
        }

        var hosts = KnownHosts.Of(terminal);
        return options with
        {
            Authentication = asked,
            AllowUnencrypted = options.AllowUnencrypted || asked == AuthenticationMethod.None, // who proves nothing has nothing to hide
            TrustedHosts = trusted,
            Proxy = ProxySwitches.Read(switches, terminal),
            Dial = switches["--jump"] is { } jump ? SshJump.Parse(jump, switches).OpenAsync : null,
            NetworkDelay = settings.NetworkDelay,
            User = user,
            Password = user is null ? null : (passwordOf ?? Passwords.Find)(switches.With(Passwords.Host, options.Address.Host), terminal, user, switches["username"] is null ? options.Password : null),
            ClientCertificate = certificate,
            ClientCertificateChain = chain,
            DelegateCredentials = switches.Has("allowdelegate"),
            DelegateTo = List(switches["--delegate-to"]),
            DelegateToNtlm = List(switches["--delegate-to-ntlm"]),
            SpnPort = switches.Has("spnport"),
            CertificateSha256 = switches["--pin"] ?? options.CertificateSha256 ?? (Vouches(switches) ? null : hosts.Find(options.Address)),
            TrustOnFirstUse = switches.Has("--trust-first-use") ? pin => Keep(hosts, options.Address, pin, terminal) : null,
            TrustedAuthorities = switches["--ca"] is { } authorities ? ReadAuthorities(authorities) : null,
            SkipCACheck = switches.Has("skipcacheck"),
            SkipCNCheck = switches.Has("skipcncheck"),
            SkipRevocationCheck = switches.Has("skiprevocationcheck"),
            Encoding = EncodingOf(switches["encoding"]),
            OperationTimeout = switches["timeout"] is { } timeout ? Timeout(timeout) : options.OperationTimeout,
        };
    }

    // Who says by what to judge the certificate does not mean what was written down once.
    private static bool Vouches(Switches switches) => switches.Has("--ca") || switches.Has("skipcacheck") || switches.Has("skipcncheck");

    private static bool Keep(KnownHosts hosts, Uri address, string pin, Terminal terminal)
    {
        var isKnown = hosts.Find(address) is not null;
        var kept = hosts.Keep(address, pin);
        if (kept && !isKnown)
        {
            terminal.Errors.WriteLine($"Warning: {address.Host}:{address.Port} is trusted from now on with the certificate {pin}, unseen; compare it with the service's own. It stands in {hosts.Path}.");
        }

        return kept;
    }

    private static TrustedHosts? Hosts(string? list)
    {
        try
        {
            return list is null ? null : TrustedHosts.Parse(list);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--trusted-hosts: {e.Message}");
        }
    }

    private static string[] List(string? commas) => commas?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static AuthenticationMethod? MethodOf(Switches switches) => switches["authentication"]?.ToUpperInvariant() switch
    {
        null => switches.Has("certificate") ? AuthenticationMethod.Certificate : switches.Has("defaultcreds") ? AuthenticationMethod.Negotiate : null,
        "NONE" => AuthenticationMethod.None,
        "BASIC" => AuthenticationMethod.Basic,
        "DIGEST" => AuthenticationMethod.Digest,
        "NEGOTIATE" => AuthenticationMethod.Negotiate,
        "KERBEROS" => AuthenticationMethod.Kerberos,
        "CERTIFICATE" => AuthenticationMethod.Certificate,
        "CREDSSP" => AuthenticationMethod.CredSsp,
        _ => throw new UsageException($"-authentication:{switches["authentication"]} is none of none, basic, digest, negotiate, kerberos, certificate and credssp."),
    };

    /// <summary>The socket of this machine's service.</summary>
    public static string SocketOf(Terminal terminal) => terminal.Environment("FARWIRE_SOCKET") ?? "/run/farwire/local.sock";

    /// <summary>Without a host the service of this machine is meant; it knows callers by their account.</summary>
    public static bool IsLocal(Switches switches) =>
        OperatingSystem.IsLinux() && !((string[])["remote", "usessl", "username", "authentication", "certificate", "unencrypted", "defaultcreds", "--connect", "--pin", "--ca"]).Any(switches.Has);

    private static WSManConnectionOptions Local(Switches switches, Terminal terminal) => new()
    {
        Address = new Uri("http://localhost/wsman"),
        LocalSocket = SocketOf(terminal),
        Encoding = EncodingOf(switches["encoding"]),
        OperationTimeout = switches["timeout"] is { } timeout ? Timeout(timeout) : TimeSpan.FromSeconds(60),
    };

    private static WSManConnectionOptions FromRemote(Switches switches, ClientSettings settings)
    {
        var address = RemoteWord.Parse(switches["remote"] ?? "localhost", switches.Has("usessl"), settings.HttpPort, settings.HttpsPort, settings.UrlPrefix);
        var tls = address.Scheme == Uri.UriSchemeHttps;
        foreach (var name in (string[])["skipcacheck", "skipcncheck", "skiprevocationcheck", "--pin", "--ca", "--trust-first-use"])
        {
            if (!tls && switches.Has(name))
            {
                throw new UsageException($"{(name[0] == '-' ? name : "-" + name)} is about a certificate, and {address} has none; use https:// or -usessl.");
            }
        }

        if (switches.Has("defaultcreds") && (!tls || switches.Has("username")))
        {
            throw new UsageException("-defaultCreds is about your own tickets over https: use https:// or -usessl, and leave out -username.");
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

using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Security.Kerberos;

namespace Farwire.Client.Automation;

/// <summary>Where a session goes and who it is there: checked when the session is made, and turned into a connection at its first operation.</summary>
/// <remarks>WinRM documentation, "WSMan.CreateSession method" and "Authentication Constants".</remarks>
internal sealed record SessionTarget(Uri? Address, SessionFlags Flags, ConnectionOptions Options, AutomationSettings Settings)
{
    private static readonly Uri Localhost = new("http://localhost/wsman");

    /// <summary>Only identify may be asked.</summary>
    public bool IsAnonymous => Has(SessionFlags.UseNoAuthentication);

    public static SessionTarget Of(string connection, SessionFlags flags, ConnectionOptions? options, AutomationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Check(flags, options);

        // Without a host the service of this machine is meant; it knows callers by their account.
        var isLocal = connection.Length == 0 && (flags & ~SessionFlags.Encodings) == 0 && options is null && OperatingSystem.IsLinux();
        try
        {
            var address = isLocal ? null : ServiceAddress.Parse(
                connection.Length == 0 ? "localhost" : connection, flags.HasFlag(SessionFlags.UseSsl), settings.HttpPort, settings.HttpsPort, settings.UrlPrefix);
            return new SessionTarget(address, flags, options?.Copy() ?? new ConnectionOptions(), settings);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(connection), e);
        }
    }

    /// <summary>The same place with the flags of one operation.</summary>
    public SessionTarget With(SessionFlags flags)
    {
        Check(flags, Options);
        return this with { Flags = flags, Address = Address ?? Localhost };
    }

    /// <summary>The connection; asks for what is missing of user and password.</summary>
    /// <exception cref="WSManTransportException">Nobody answered, or there is no such certificate.</exception>
    public WSManConnectionOptions Connect()
    {
        var encoding = Has(SessionFlags.Utf16) ? MessageEncoding.Utf16 : MessageEncoding.Utf8;
        if (Address is null)
        {
            return new WSManConnectionOptions { Address = Localhost, LocalSocket = Settings.LocalSocket, Encoding = encoding };
        }

        var (user, password) = IsAnonymous ? (null, null) : Credentials();
        var certificate = Options.CertificateThumbprint.Length > 0 && !IsAnonymous ? Certificate() : null;
        return new WSManConnectionOptions
        {
            Address = Address,
            Authentication = Method(user, certificate),
            User = user,
            Password = password,
            ClientCertificate = certificate,
            AllowUnencrypted = IsAnonymous || Settings.AllowUnencrypted == true || (Has(SessionFlags.NoEncryption) && Settings.AllowUnencrypted != false),
            TrustedHosts = Settings.TrustedHosts,
            Proxy = Options.Proxy,
            SpnPort = Has(SessionFlags.EnableSpnServerPort),
            SkipCACheck = Has(SessionFlags.SkipCACheck),
            SkipCNCheck = Has(SessionFlags.SkipCNCheck),
            SkipRevocationCheck = Has(SessionFlags.SkipRevocationCheck),
            CertificateSha256 = Settings.CertificateSha256,
            TrustedAuthorities = Settings.TrustedAuthorities,
            DelegateTo = Settings.DelegateTo,
            NetworkDelay = Settings.NetworkDelay,
            Encoding = encoding,
        };
    }

    private static void Check(SessionFlags flags, ConnectionOptions? options)
    {
        if ((flags & ~SessionFlags.All) is not 0 and var unknown)
        {
            throw new ArgumentException($"0x{(int)unknown:X} is no flag of a session.", nameof(flags));
        }

        if (flags.HasFlag(SessionFlags.UseNoAuthentication) && flags != SessionFlags.UseNoAuthentication)
        {
            throw new ArgumentException("SessionFlagUseNoAuthentication goes with no other flag.", nameof(flags));
        }

        var method = flags & SessionFlags.Methods;
        if ((method & (method - 1)) != 0)
        {
            throw new ArgumentException($"A session has one way to prove itself, not several: {method}.", nameof(flags));
        }

        if (flags.HasFlag(SessionFlags.Encodings))
        {
            throw new ArgumentException("Requests are written in UTF-8 or in UTF-16, not in both.", nameof(flags));
        }

        if (flags.HasFlag(SessionFlags.UseClientCertificate) && options?.CertificateThumbprint is null or "")
        {
            throw new ArgumentException("SessionFlagUseClientCertificate needs ConnectionOptions with a CertificateThumbprint.", nameof(flags));
        }
    }

    private bool Has(SessionFlags flag) => (Flags & flag) != 0;

    private (string? User, string? Password) Credentials()
    {
        var user = Options.UserName.Length > 0 ? Options.UserName : null;
        if (!Has(SessionFlags.CredUserNamePassword))
        {
            return (user, user is null ? null : Options.Secret);
        }

        user ??= Settings.AskUserName($"User name for {Address}: ");
        var password = string.IsNullOrEmpty(user) ? null
            : Options.Secret.Length > 0 ? Options.Secret
            : Settings.AskPassword($"Password of {user}: ");
        return !string.IsNullOrEmpty(password)
            ? (user, password)
            : throw Denied("Access is denied: no user name and password were entered.", "Set UserName and Password of the ConnectionOptions, or answer the prompt.");
    }

    private X509Certificate2 Certificate() => CertificateStores.Find(Options.CertificateThumbprint) is { HasPrivateKey: true } found
        ? found
        : throw Denied($"No certificate '{Options.CertificateThumbprint}' with its private key is in the stores.", "Import it into the machine's or the user's store, and check the thumbprint.");

    private AuthenticationMethod Method(string? user, X509Certificate2? certificate)
    {
        AuthenticationMethod? asked = (Flags & SessionFlags.Methods) switch
        {
            SessionFlags.UseNoAuthentication => AuthenticationMethod.None,
            SessionFlags.UseDigest => AuthenticationMethod.Digest,
            SessionFlags.UseNegotiate => AuthenticationMethod.Negotiate,
            SessionFlags.UseBasic => AuthenticationMethod.Basic,
            SessionFlags.UseKerberos => AuthenticationMethod.Kerberos,
            SessionFlags.UseClientCertificate => AuthenticationMethod.Certificate,
            SessionFlags.UseCredSsp => AuthenticationMethod.CredSsp,
            _ => certificate is not null ? AuthenticationMethod.Certificate
                : Has(SessionFlags.AllowNegotiateImplicitCredentials) ? AuthenticationMethod.Negotiate
                : null,
        };
        if (asked is { } method)
        {
            AuthenticationChoice.Check(method, Address!, user is not null, certificate is not null);
            return method;
        }

        return AuthenticationChoice.Choose(Address!, user is not null, user is null && KerberosInitiator.HasTickets, Settings.TrustedHosts.Holds(Address!));
    }

    private static WSManTransportException Denied(string problem, string fix) => new(TransportFailure.Authentication, problem, fix);
}

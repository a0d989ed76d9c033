using System.Security.Cryptography.X509Certificates;
using Farwire.Protocol.Envelope;

namespace Farwire.Client.Connection;

/// <summary>How to reach a service and who to be there.</summary>
public sealed record WSManConnectionOptions
{
    /// <summary>The address, such as <c>https://host:5986/wsman</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The cookies of a session.</summary>
    internal AffinityCookies Cookies { get; init; } = new();

    /// <summary>The Unix socket of the service on this machine, whose kernel says who we are; null goes to <see cref="Address"/> by network.</summary>
    public string? LocalSocket { get; init; }

    /// <summary>How to prove who we are; null is Basic when there is a user, a certificate when there is one, and else nothing.</summary>
    public AuthenticationMethod? Authentication { get; init; }

    /// <summary>The user; null sends no credentials, or with Kerberos those of the cache.</summary>
    public string? User { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>The certificate, with its key, that proves the client in TLS.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The certificates that lead from <see cref="ClientCertificate"/> to an authority that the service knows, shown with it; null looks into the system's stores.</summary>
    public X509Certificate2Collection? ClientCertificateChain { get; init; }

    /// <summary>Where Kerberos tickets are, such as <c>FILE:/tmp/x</c>; null is the user's own cache (KRB5CCNAME).</summary>
    public string? KerberosCache { get; init; }

    /// <summary>A keytab whose first key is who we are, such as that of this machine; it wins over <see cref="KerberosCache"/>.</summary>
    public string? KerberosKeytab { get; init; }

    /// <summary>The service may use our tickets to go on to other machines.</summary>
    public bool DelegateCredentials { get; init; }

    /// <summary>Services that CredSSP may give the password to, when they prove themselves by Kerberos: <c>WSMAN/host</c>, <c>WSMAN/*.domain</c>.</summary>
    public IReadOnlyList<string> DelegateTo { get; init; } = [];

    /// <summary>The same for services that prove themselves by NTLM only: they show that they know the user, and not that they are the host.</summary>
    public IReadOnlyList<string> DelegateToNtlm { get; init; } = [];

    /// <summary>The kind of service that Kerberos asks for a ticket to.</summary>
    public string SpnService { get; init; } = "HTTP";

    /// <summary>The port is part of the service's name, as with several services behind one address (SPNPort).</summary>
    public bool SpnPort { get; init; }

    /// <summary>SHA-256 of the service's certificate, in hexadecimal: trusts exactly this one, and no other.</summary>
    public string? CertificateSha256 { get; init; }

    /// <summary>Authorities to trust in place of the system's.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>Takes a certificate of any issuer; all else about it is still checked. Whoever is on the way can then be the service.</summary>
    public bool SkipCACheck { get; init; }

    /// <summary>Takes a certificate made for another name; all else about it is still checked.</summary>
    public bool SkipCNCheck { get; init; }

    /// <summary>Does not ask the authorities whether they have revoked the certificate; all else about it is still checked.</summary>
    public bool SkipRevocationCheck { get; init; }

    /// <summary>
    /// Decides, by its SHA-256 in hexadecimal, about a certificate that nothing else vouches for: in place of all other checks, as a pin does.
    /// </summary>
    public Func<string, bool>? TrustOnFirstUse { get; init; }

    /// <summary>Services that may be talked to over HTTP though they prove nothing about themselves.</summary>
    public TrustedHosts TrustedHosts { get; init; } = TrustedHosts.None;

    /// <summary>Opens the connection to a host and a port in place of a socket, such as a tunnel through a third machine; null opens a socket.</summary>
    public Func<string, int, CancellationToken, ValueTask<Stream>>? Dial { get; init; }

    /// <summary>The proxy on the way.</summary>
    public WSManProxy Proxy { get; init; } = WSManProxy.System;

    /// <summary>Lets messages and password go over plain HTTP. Off by default, for anyone on the way can read them.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>The largest answer taken, in bytes.</summary>
    public int MaxEnvelopeBytes { get; init; } = 500 * 1024;

    /// <summary>What requests are written in; answers are read in either.</summary>
    public MessageEncoding Encoding { get; init; }

    /// <summary>How requests are packed; null sends them plain. Answers come plain in any case.</summary>
    public IContentPacking? Packing { get; init; }

    /// <summary>How long the service may work on an operation.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the answer may be on its way beyond <see cref="OperationTimeout"/> (NetworkDelayms).</summary>
    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Switches that every request carries.</summary>
    public OptionSet RequestOptions { get; init; } = OptionSet.Empty;

    /// <summary>The language of texts and faults.</summary>
    public string Locale { get; init; } = "en-US";

    /// <summary>The language of numbers and dates; null is that of texts.</summary>
    public string? DataLocale { get; init; }

    /// <summary>The name by which this machine calls itself to the service (<c>m:MachineID</c>); null leaves it out.</summary>
    public string? MachineId { get; init; }

    /// <summary>Times for single operations of shells, where they differ from <see cref="OperationTimeout"/>.</summary>
    public ShellTimeouts ShellTimeouts { get; init; } = ShellTimeouts.None;

    /// <summary>How long a shell's requests are repeated over a broken way before the shell counts as left.</summary>
    public TimeSpan MaxRetryTime { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>The clock of waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

using System.Security.Cryptography.X509Certificates;
using Farwire.Protocol.Envelope;

namespace Farwire.Client.Connection;

/// <summary>How to reach a service and who to be there.</summary>
public sealed record WSManConnectionOptions
{
    /// <summary>The address, such as <c>https://host:5986/wsman</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>The user; null sends no credentials.</summary>
    public string? User { get; init; }

    /// <summary>The password.</summary>
    public string? Password { get; init; }

    /// <summary>SHA-256 of the service's certificate, in hexadecimal: trusts exactly this one, and no other.</summary>
    public string? CertificateSha256 { get; init; }

    /// <summary>Authorities to trust in place of the system's.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>Takes a certificate of any issuer; all else about it is still checked. Whoever is on the way can then be the service.</summary>
    public bool SkipCACheck { get; init; }

    /// <summary>Takes a certificate made for another name; all else about it is still checked.</summary>
    public bool SkipCNCheck { get; init; }

    /// <summary>Lets messages and password go over plain HTTP. Off by default, for anyone on the way can read them.</summary>
    public bool AllowUnencrypted { get; init; }

    /// <summary>The largest answer taken, in bytes.</summary>
    public int MaxEnvelopeBytes { get; init; } = 500 * 1024;

    /// <summary>What requests are written in; answers are read in either.</summary>
    public MessageEncoding Encoding { get; init; }

    /// <summary>How long the service may work on an operation.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the answer may be on its way beyond <see cref="OperationTimeout"/> (NetworkDelayms).</summary>
    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Switches that every request carries.</summary>
    public OptionSet RequestOptions { get; init; } = OptionSet.Empty;

    /// <summary>The language of texts and faults.</summary>
    public string Locale { get; init; } = "en-US";
}

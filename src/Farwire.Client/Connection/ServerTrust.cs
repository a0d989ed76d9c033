using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Client.Connection;

/// <summary>Whether the certificate of the service is believed.</summary>
/// <remarks>RFC 5280, "Certification path validation"; RFC 9525 for names. A pin takes the place of both.</remarks>
internal sealed class ServerTrust(WSManConnectionOptions options)
{
    private const string DistributionPoints = "2.5.29.31";
    private const X509ChainStatusFlags UnknownRevocation = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
    private const X509ChainStatusFlags UnknownAuthority = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>Why the last certificate was not believed; null when it was.</summary>
    public WSManTransportException? Refusal { get; private set; }

    /// <summary>The certificate that the service showed last.</summary>
    public X509Certificate2? Leaf { get; private set; }

    /// <summary>How TLS shall look at certificates.</summary>
    public SslClientAuthenticationOptions TlsOptions()
    {
        var tls = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsTrusted };
        if (options.ClientCertificate is { } own)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(own, options.ClientCertificateChain, offline: true);
        }

        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            RevocationMode = options.SkipRevocationCheck || IsPinned ? X509RevocationMode.NoCheck : X509RevocationMode.Online,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,
            UrlRetrievalTimeout = TimeSpan.FromSeconds(10),
        };
        if (options.TrustedAuthorities is { } authorities)
        {
            // In place of the system's, not beside them.
            tls.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return tls;
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        // TLS takes its own back after the handshake.
        Leaf = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        Refusal = certificate is not X509Certificate2 leaf
            ? Refuse("it showed none", "Check that address and port are those of a WinRM service.")
            : options.CertificateSha256 is { } pin ? JudgePin(leaf, pin)
            : options.TrustOnFirstUse is { } firstUse ? JudgeFirstUse(leaf, firstUse)
            : Judge(leaf, chain, errors);
        return Refusal is null;
    }

    private bool IsPinned => options.CertificateSha256 is not null || options.TrustOnFirstUse is not null;

    private WSManTransportException? JudgeFirstUse(X509Certificate2 leaf, Func<string, bool> firstUse) =>
        firstUse(Convert.ToHexStringLower(leaf.GetCertHash(HashAlgorithmName.SHA256))) ? null : OtherThanPinned();

    // Exactly this certificate: neither name nor date nor authority count.
    private WSManTransportException? JudgePin(X509Certificate2 leaf, string pin) =>
        TryParsePin(pin, out var wanted) && CryptographicOperations.FixedTimeEquals(leaf.GetCertHash(HashAlgorithmName.SHA256), wanted)
            ? null
            : OtherThanPinned();

    private WSManTransportException OtherThanPinned() => new(
        TransportFailure.CertificatePin,
        $"The certificate of {options.Address} is not the pinned one.",
        "If the service has a new certificate, pin its SHA-256; if not, somebody is in between.");

    private WSManTransportException? Judge(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        var statuses = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && chain is not null
            ? chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status)
            : X509ChainStatusFlags.NoError;
        if (options.SkipCACheck)
        {
            statuses &= ~UnknownAuthority;
        }

        if ((statuses & UnknownAuthority) != 0)
        {
            return Refuse(
                $"its issuer '{leaf.Issuer}' is not trusted here",
                $"Trust its authority (--ca FILE), or pin this certificate (--pin SHA256) after comparing with the service's own: {Convert.ToHexStringLower(leaf.GetCertHash(HashAlgorithmName.SHA256))}.");
        }

        if (chain is not null && Revocation(chain) is { } revoked)
        {
            return revoked;
        }

        statuses &= ~(X509ChainStatusFlags.Revoked | UnknownRevocation);
        if ((statuses & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            return Refuse($"it is good from {leaf.NotBefore:u} to {leaf.NotAfter:u} only", "Renew it, and check the clocks on both sides.");
        }

        if (statuses != X509ChainStatusFlags.NoError)
        {
            return Refuse($"{statuses}", "Give the service a certificate for server authentication that its authority still stands by.");
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && !options.SkipCNCheck
            ? Refuse($"it is made for '{leaf.GetNameInfo(X509NameType.DnsName, false)}', not for '{options.Address.Host}'", "Connect by the name in the certificate, or pin the certificate (--pin SHA256).")
            : null;
    }

    // A certificate that says where to ask must have been asked for there; one that names no place cannot be.
    private WSManTransportException? Revocation(X509Chain chain)
    {
        foreach (var element in chain.ChainElements)
        {
            var status = element.ChainElementStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            if ((status & X509ChainStatusFlags.Revoked) != 0)
            {
                return Refuse($"its authority has revoked '{element.Certificate.Subject}'", "Give the service a new certificate; the key of this one may be in other hands.");
            }

            if ((status & UnknownRevocation) != 0 && element.Certificate.Extensions.Any(e => e.Oid?.Value is DistributionPoints || (e is X509AuthorityInformationAccessExtension access && access.EnumerateOcspUris().Any())))
            {
                return Refuse(
                    $"whether its authority has revoked '{element.Certificate.Subject}' cannot be asked where the certificate says",
                    "Let this machine reach the authority's list, or do without the check (-skipRevocationCheck).");
            }
        }

        return null;
    }

    private WSManTransportException Refuse(string reason, string fix) =>
        new(TransportFailure.Certificate, $"The certificate of {options.Address} is not trusted: {reason}.", fix);

    private static bool TryParsePin(string pin, out byte[] hash)
    {
        try
        {
            hash = Convert.FromHexString(pin.Replace(":", "", StringComparison.Ordinal).Trim());
            return hash.Length == SHA256.HashSizeInBytes;
        }
        catch (FormatException)
        {
            hash = [];
            return false;
        }
    }
}

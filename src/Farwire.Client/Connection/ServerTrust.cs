using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Client.Connection;

/// <summary>Whether the certificate of the service is believed.</summary>
/// <remarks>RFC 5280, "Certification path validation"; RFC 9525 for names. A pin takes the place of both.</remarks>
internal sealed class ServerTrust(WSManConnectionOptions options)
{
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
            tls.ClientCertificates = [own];
        }

        if (options.TrustedAuthorities is { } authorities)
        {
            // In place of the system's, not beside them.
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
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
            : options.CertificateSha256 is { } pin ? JudgePin(leaf, pin) : Judge(leaf, chain, errors);
        return Refusal is null;
    }

    // Exactly this certificate: neither name nor date nor authority count.
    private WSManTransportException? JudgePin(X509Certificate2 leaf, string pin) =>
        TryParsePin(pin, out var wanted) && CryptographicOperations.FixedTimeEquals(leaf.GetCertHash(HashAlgorithmName.SHA256), wanted)
            ? null
            : new WSManTransportException(
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

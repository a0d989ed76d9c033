using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Security.Certificates;

/// <summary>A client's certificate whose chain was found good.</summary>
/// <remarks>RFC 5280, "Certification path validation"; MS-WSMV, "Client certificate".</remarks>
internal sealed class ClientCertificate
{
    /// <summary>The largest certificate that is looked at.</summary>
    public const int MaxBytes = 16 * 1024;

    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private ClientCertificate(IReadOnlyList<string> names, IReadOnlyList<string> dnsNames, X509Certificate2 issuer)
    {
        (Names, DnsNames) = (names, dnsNames);
        IssuerSha1 = issuer.Thumbprint;
        IssuerSha256 = issuer.GetCertHashString(HashAlgorithmName.SHA256);
    }

    /// <summary>What a mapping may call it: UPN, DNS name, subject.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The machines that it stands for: its DNS names, or its common name when it has none.</summary>
    public IReadOnlyList<string> DnsNames { get; }

    /// <summary>The thumbprint of the authority directly above it; of itself, when it signed itself.</summary>
    public string IssuerSha1 { get; }

    /// <summary>The same as SHA-256.</summary>
    public string IssuerSha256 { get; }

    /// <summary>Checks size, dates, purpose and chain.</summary>
    /// <exception cref="SecurityTokenException">What is wrong with it.</exception>
    public static ClientCertificate Check(X509Certificate2 certificate, X509Certificate2Collection? shown, X509Certificate2Collection? authorities, TimeProvider time)
    {
        if (certificate.RawDataMemory.Length > MaxBytes)
        {
            throw new SecurityTokenException($"The client certificate has {certificate.RawDataMemory.Length} bytes; {MaxBytes} are the most.");
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true; // the client must not choose addresses for the service to visit
        chain.ChainPolicy.ExtraStore.AddRange(shown ?? []);
        if (authorities is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (!chain.Build(certificate))
        {
            var reasons = string.Join(", ", chain.ChainStatus.Select(s => s.Status).Distinct());
            throw new SecurityTokenException($"The client certificate '{certificate.Subject}' is not good: {reasons}.");
        }

        string[] dnsNames = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames())];
        var commonName = certificate.GetNameInfo(X509NameType.SimpleName, false);
        string[] all = [certificate.GetNameInfo(X509NameType.UpnName, false), .. dnsNames, commonName, certificate.Subject];
        string[] names = [.. all.Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        return new ClientCertificate(
            names.Length > 0 ? names : throw new SecurityTokenException("The client certificate names nobody."),
            dnsNames.Length > 0 ? dnsNames : [commonName.Length > 0 ? commonName : names[0]],
            chain.ChainElements[chain.ChainElements.Count > 1 ? 1 : 0].Certificate);
    }
}

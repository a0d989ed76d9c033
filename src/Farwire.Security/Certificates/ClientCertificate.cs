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

    private ClientCertificate(IReadOnlyList<string> names, IReadOnlyList<string> issuers) => (Names, Issuers) = (names, issuers);

    /// <summary>What a mapping may call it: UPN, DNS name, subject.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The thumbprints of the authorities above it; of itself, when it signed itself.</summary>
    public IReadOnlyList<string> Issuers { get; }

    /// <summary>Checks size, dates, purpose and chain.</summary>
    /// <exception cref="SecurityTokenException">What is wrong with it.</exception>
    public static ClientCertificate Check(X509Certificate2 certificate, X509Certificate2Collection? authorities, TimeProvider time)
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

        var above = chain.ChainElements.Count > 1 ? chain.ChainElements.Skip(1) : chain.ChainElements;
        return new ClientCertificate(
            [.. NamesOf(certificate)],
            [.. above.SelectMany(e => new[] { e.Certificate.Thumbprint, e.Certificate.GetCertHashString(HashAlgorithmName.SHA256) })]);
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate) =>
        new[]
        {
            certificate.GetNameInfo(X509NameType.UpnName, false),
            certificate.GetNameInfo(X509NameType.DnsName, false),
            certificate.GetNameInfo(X509NameType.SimpleName, false),
            certificate.Subject,
        }.Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase);
}

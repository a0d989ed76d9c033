using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Peers.Tests.Security;

/// <summary>A root, an authority below it, and the certificates of clients that the latter signs.</summary>
internal sealed class AuthorityChain : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _issuer;

    public AuthorityChain()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = Request("CN=Root", rootKey, isAuthority: true).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuer = Request("CN=Issuer", issuerKey, isAuthority: true).Create(_root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        _issuer = issuer.CopyWithPrivateKey(issuerKey);
    }

    /// <summary>The root in PEM.</summary>
    public string RootPem => _root.ExportCertificatePem() + "\n";

    public string RootThumbprint => _root.Thumbprint;

    public string IssuerThumbprint => _issuer.Thumbprint;

    /// <summary>Writes a client's certificate to <paramref name="file"/>: it, its issuer and its key in PEM.</summary>
    public void Issue(string file, string dnsName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("CN=" + dnsName, key, isAuthority: false);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.Create(_issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{_issuer.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    public void Dispose()
    {
        _root.Dispose();
        _issuer.Dispose();
    }

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        return request;
    }
}

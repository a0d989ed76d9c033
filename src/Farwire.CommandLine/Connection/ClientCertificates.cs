using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>The client's certificate: a thumbprint in the machine's or the user's store, or a file in PEM with certificate, its chain and key.</summary>
internal static class ClientCertificates
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>Finds the certificate that <c>-certificate</c> names, and what leads from it to an authority where a file says so.</summary>
    /// <exception cref="UsageException">There is none, or it has no key.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection? Chain) Find(string named)
    {
        var (certificate, chain) = File.Exists(named) ? FromFile(named) : (FromStores(named.Replace(" ", "", StringComparison.Ordinal)), null);
        if (certificate.RawDataMemory.Length > MaxBytes)
        {
            throw new UsageException($"-certificate: {named} has {certificate.RawDataMemory.Length} bytes; services take {MaxBytes} at most.");
        }

        return certificate.HasPrivateKey ? (certificate, chain) : throw new UsageException($"-certificate: {named} has no private key.");
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection? Chain) FromFile(string file)
    {
        try
        {
            // By way of PKCS #12: some systems take no key that lives in memory alone.
            using var pem = X509Certificate2.CreateFromPemFile(file);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return (X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), [.. chain.Skip(1)]);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"-certificate: {file} holds no certificate with its key in PEM: {e.Message}");
        }
    }

    private static X509Certificate2 FromStores(string thumbprint) => CertificateStores.Find(thumbprint)
        ?? throw new UsageException($"-certificate: no file and no certificate in the stores is called '{thumbprint}'.");
}

using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.AspNetCore;

/// <summary>The authorities that a client shows in TLS between its certificate and the root: the service need not have them beforehand.</summary>
/// <remarks>RFC 8446, "Certificate". They are evidence and no more: whom to trust is decided where the certificate is checked.</remarks>
internal static class ShownChain
{
    private const int MaxCertificates = 8;
    private const int MaxBytes = 16 * 1024;

    private static readonly ConditionalWeakTable<X509Certificate2, X509Certificate2Collection> Kept = [];

    /// <summary>TLS looks nothing up: the client must not choose addresses for the service to visit.</summary>
    public static X509ChainPolicy Policy() => new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };

    /// <summary>Lets every certificate through the handshake, and keeps what came with it.</summary>
    public static bool Keep(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        // The chain's own objects end with the handshake.
        var shown = chain?.ChainPolicy.ExtraStore.Where(one => one.RawDataMemory.Length <= MaxBytes).Take(MaxCertificates) ?? [];
        Kept.AddOrUpdate(certificate, [.. shown.Select(one => X509CertificateLoader.LoadCertificate(one.RawDataMemory.Span))]);
        return true;
    }

    /// <summary>What came with a certificate.</summary>
    public static X509Certificate2Collection? Of(X509Certificate2 certificate) => Kept.TryGetValue(certificate, out var shown) ? shown : null;
}

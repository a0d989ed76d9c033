using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;

namespace Farwire.Source.Forwarding;

/// <summary>Who this machine is at its collectors, and whom it believes.</summary>
/// <remarks>MS-WSMV, "Security": a machine of a realm by its keytab, sealed over http; any other by a certificate, or by user and password over TLS.</remarks>
public sealed record SourceIdentity
{
    /// <summary>The machine's name, for people: nobody checks it.</summary>
    public string MachineId { get; init; } = Environment.MachineName;

    /// <summary>The machine's key table; its first key is who the machine is. Taken when neither certificate nor user is there.</summary>
    public string Keytab { get; init; } = "/etc/krb5.keytab";

    /// <summary>Certificates with their keys; the policy's IssuerCA chooses one.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; init; } = [];

    /// <summary>Authorities between these and their roots.</summary>
    public X509Certificate2Collection Issuers { get; init; } = [];

    /// <summary>A user of the collector, for fleets without a realm; its password goes over TLS only.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>Authorities of the collectors' certificates; null is whom the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>How a collector is reached.</summary>
    /// <param name="address">It.</param>
    /// <param name="issuer">The authority whose certificate is shown; null shows the first, if there is one.</param>
    /// <exception cref="WSManTransportException">No certificate comes from the authority.</exception>
    internal WSManConnectionOptions To(Uri address, string? issuer)
    {
        var certificate = address.Scheme == Uri.UriSchemeHttps ? CertificateFrom(address, issuer) : null;
        var method = certificate is not null ? AuthenticationMethod.Certificate : User is not null ? AuthenticationMethod.Basic : AuthenticationMethod.Kerberos;
        return new WSManConnectionOptions
        {
            Address = address,
            Authentication = method,
            ClientCertificate = certificate,
            ClientCertificateChain = certificate is null ? null : IssuersWith(issuer),
            User = method == AuthenticationMethod.Basic ? User : null,
            Password = method == AuthenticationMethod.Basic ? Password : null,
            KerberosKeytab = method == AuthenticationMethod.Kerberos ? Keytab : null,
            TrustedAuthorities = Authorities,
            SkipRevocationCheck = Authorities is not null, // an authority of one's own seldom has a list
            MachineId = MachineId,
        };
    }

    private X509Certificate2? CertificateFrom(Uri address, string? issuer)
    {
        if (issuer is null)
        {
            return Certificates.Count > 0 ? Certificates[0] : null;
        }

        return Certificates.FirstOrDefault(certificate => IsFrom(certificate, issuer)) ?? throw new WSManTransportException(
            TransportFailure.Authentication,
            $"{address} wants a certificate from the authority {issuer}, and this machine has none.",
            "Have that authority issue one for this machine and name it under Certificates, with the authority's own certificate in the same file; or correct IssuerCA in the policy.");
    }

    // Of authorities that share a name, the one that was asked for.
    private X509Certificate2Collection IssuersWith(string? issuer) => Issuers.FirstOrDefault(authority => authority.Thumbprint == issuer) is { } asked
        ? [.. Issuers.Where(authority => authority == asked || authority.Subject != asked.Subject)]
        : Issuers;

    // The one that signed it, not the root above. Authorities may share a name: with only the right one to choose from, the signature decides.
    private bool IsFrom(X509Certificate2 certificate, string issuer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllFlags; // whom the collector believes is the collector's matter
        chain.ChainPolicy.DisableCertificateDownloads = true;
        var known = Issuers.Concat(Authorities ?? []).FirstOrDefault(authority => authority.Thumbprint == issuer);
        if (known is not null)
        {
            chain.ChainPolicy.ExtraStore.Add(known);
        }

        chain.Build(certificate);
        return chain.ChainElements.Count > 1 && chain.ChainElements[1].Certificate.Thumbprint == issuer
            && chain.ChainElements[0].ChainElementStatus.All(status => status.Status != X509ChainStatusFlags.NotSignatureValid);
    }
}

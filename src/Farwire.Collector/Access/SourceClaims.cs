namespace Farwire.Collector.Access;

/// <summary>The claims by which authentication tells the collector of a client certificate.</summary>
/// <remarks>Beside these, <c>ClaimTypes.Dns</c> carries each DNS name of the certificate.</remarks>
public static class SourceClaims
{
    /// <summary>SHA-1 of the certificate of the authority directly above the client's, in hexadecimal.</summary>
    public const string IssuerThumbprint = "farwire/issuer-thumbprint";
}

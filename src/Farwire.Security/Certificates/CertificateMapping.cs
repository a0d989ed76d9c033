namespace Farwire.Security.Certificates;

/// <summary>Which certificates are which user, for which resources.</summary>
/// <remarks>MS-WSMV, "CertMapping": selectors URI, Subject, Issuer.</remarks>
/// <param name="Issuer">The thumbprint of the authority directly above the certificate, SHA-1 in hexadecimal as Windows has it, or SHA-256.</param>
/// <param name="Subject">A UPN, a DNS name or a subject, with one <c>*</c> at the beginning or the end; <c>*</c> alone is everyone.</param>
/// <param name="Uri">A resource URI, which may end in <c>*</c>.</param>
/// <param name="UserName">The user that it is: one of Farwire's own, or an account of the machine.</param>
public sealed record CertificateMapping(string Issuer, string Subject, string Uri, string UserName)
{
    /// <summary>The mapping counts.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Opens the user's password, which must still be right for the mapping to count; null where none was given.</summary>
    public Func<string?>? Password { get; init; }

    /// <summary>The mapping may be of this certificate, for one resource or another.</summary>
    internal bool Fits(ClientCertificate certificate)
    {
        var issuer = Issuer.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
        return IsEnabled
            && (issuer.Equals(certificate.IssuerSha1, StringComparison.OrdinalIgnoreCase) || issuer.Equals(certificate.IssuerSha256, StringComparison.OrdinalIgnoreCase))
            && certificate.Names.Any(name => Fits(Subject, name));
    }

    internal bool FitsUri(string uri) => Fits(Uri, uri);

    private static bool Fits(string pattern, string text) =>
        pattern.StartsWith('*') ? text.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : pattern.EndsWith('*') ? text.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : text.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}

namespace Farwire.Security.Certificates;

/// <summary>Which certificates are which user, for which resources.</summary>
/// <remarks>MS-WSMV, "CertMapping": selectors URI, Subject, Issuer.</remarks>
/// <param name="Issuer">The thumbprint of an authority in the certificate's chain, SHA-1 in hexadecimal as Windows has it, or SHA-256.</param>
/// <param name="Subject">A UPN, a DNS name or a subject, with one <c>*</c> at the beginning or the end; <c>*</c> alone is everyone.</param>
/// <param name="Uri">A resource URI, which may end in <c>*</c>.</param>
/// <param name="UserName">The user of Farwire's own that it is.</param>
public sealed record CertificateMapping(string Issuer, string Subject, string Uri, string UserName)
{
    /// <summary>The mapping counts.</summary>
    public bool IsEnabled { get; init; } = true;

    internal bool FitsIssuer(IEnumerable<string> thumbprints)
    {
        var wanted = Issuer.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
        return thumbprints.Contains(wanted, StringComparer.OrdinalIgnoreCase);
    }

    internal bool FitsSubject(IEnumerable<string> names) => names.Any(name => Fits(Subject, name));

    internal bool FitsUri(string uri) => Fits(Uri, uri);

    private static bool Fits(string pattern, string text) =>
        pattern.StartsWith('*') ? text.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : pattern.EndsWith('*') ? text.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : text.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}

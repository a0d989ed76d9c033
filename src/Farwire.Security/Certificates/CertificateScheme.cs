using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Security.Certificates;

/// <summary>A certificate that the client proved in TLS, and the user that a mapping says it is.</summary>
/// <remarks>
/// MS-WSMV, "Client certificate"; DSP0226, "https/mutual". Which user depends on the resource, so the mapping is asked for each request. Of the mappings
/// that fit the one with the longest subject counts, then the longest URI; none or two as good are nobody.
/// </remarks>
/// <param name="mappings">The mappings as they are now; the same list as long as they stay.</param>
/// <param name="users">The users that they name.</param>
/// <param name="authorities">Who may have signed client certificates; null is whom the system trusts.</param>
/// <param name="time">The clock that the dates are held against.</param>
public sealed class CertificateScheme(
    Func<IReadOnlyList<CertificateMapping>> mappings, MappedUsers users, Func<X509Certificate2Collection?> authorities, TimeProvider time) : IAuthenticationScheme
{
    // Building a chain costs more than a request; TLS gives the same object for all requests of a connection.
    private readonly ConditionalWeakTable<X509Certificate2, ClientCertificate> _checked = [];

    /// <inheritdoc/>
    public string Name => "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    /// <inheritdoc/>
    public bool IsPerRequest => true;

    /// <inheritdoc/>
    public bool NeedsClientCertificate => true;

    /// <inheritdoc/>
    public bool IsListed => false; // no name of a scheme in the sense of HTTP

    /// <inheritdoc/>
    public ITokenAcceptor Accept(ConnectionFacts connection) => new Acceptor(this, connection);

    private async ValueTask<TokenStep> StepAsync(ConnectionFacts connection, CancellationToken cancellationToken)
    {
        if (connection.ClientCertificate is not { } shown)
        {
            return TokenStep.RefusedFor("The client showed no certificate.");
        }

        try
        {
            var certificate = Check(shown, connection.ShownAuthorities);
            var fitting = mappings().Where(mapping => mapping.Fits(certificate)).OrderByDescending(mapping => mapping.Subject.Length).ThenByDescending(mapping => mapping.Uri.Length).ToList();
            var principals = new ClaimsPrincipal?[fitting.Count];
            for (var i = 0; i < principals.Length; i++)
            {
                principals[i] = await users.FindAsync(fitting[i], connection.Address, cancellationToken).ConfigureAwait(false);
            }

            // Whom a certificate is mapped to may be gone: what delivers events is never that user, but the machine that the certificate names.
            var machine = SecurityClaims.PrincipalOf(certificate);
            return TokenStep.AcceptedByResource(machine, uri => Best(fitting, uri) is { } best ? principals[best] : null, uri => Best(fitting, uri) is null ? null : machine);
        }
        catch (SecurityTokenException e)
        {
            return TokenStep.RefusedFor(e.Message);
        }
    }

    // The first that fits, when the next is not as good.
    private static int? Best(List<CertificateMapping> fitting, string uri)
    {
        var first = fitting.FindIndex(mapping => mapping.FitsUri(uri));
        var next = first < 0 ? -1 : fitting.FindIndex(first + 1, mapping => mapping.FitsUri(uri));
        var isTie = next >= 0 && fitting[first].Subject.Length == fitting[next].Subject.Length && fitting[first].Uri.Length == fitting[next].Uri.Length;
        return first < 0 || isTie ? null : first;
    }

    private ClientCertificate Check(X509Certificate2 certificate, X509Certificate2Collection? shown)
    {
        if (!_checked.TryGetValue(certificate, out var known))
        {
            known = ClientCertificate.Check(certificate, shown, authorities(), time);
            _checked.AddOrUpdate(certificate, known);
        }

        return known;
    }

    private sealed class Acceptor(CertificateScheme scheme, ConnectionFacts connection) : ITokenAcceptor
    {
        public ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken) => scheme.StepAsync(connection, cancellationToken);

        public void Dispose()
        {
        }
    }
}

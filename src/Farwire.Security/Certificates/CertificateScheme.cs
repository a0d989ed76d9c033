using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security.Accounts;

namespace Farwire.Security.Certificates;

/// <summary>A certificate that the client proved in TLS, and the user that a mapping says it is.</summary>
/// <remarks>MS-WSMV, "Client certificate"; DSP0226, "https/mutual". Which user depends on the resource, so the mapping is asked for each request.</remarks>
/// <param name="mappings">The mappings as they are now.</param>
/// <param name="users">The users that they name.</param>
/// <param name="authorities">Who may have signed client certificates; null is whom the system trusts.</param>
/// <param name="time">The clock that the dates are held against.</param>
public sealed class CertificateScheme(
    Func<IReadOnlyList<CertificateMapping>> mappings, UserStore users, X509Certificate2Collection? authorities, TimeProvider time) : IAuthenticationScheme
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

    /// <summary>The user of the best mapping: the longest subject, then the longest URI; none or two as good are nobody.</summary>
    internal ClaimsPrincipal? PrincipalFor(ClientCertificate certificate, string resourceUri)
    {
        var fitting = mappings()
            .Where(m => m.IsEnabled && m.FitsIssuer(certificate.Issuers) && m.FitsSubject(certificate.Names) && m.FitsUri(resourceUri))
            .OrderByDescending(m => m.Subject.Length).ThenByDescending(m => m.Uri.Length)
            .ToList();
        var isTie = fitting.Count > 1 && fitting[0].Subject.Length == fitting[1].Subject.Length && fitting[0].Uri.Length == fitting[1].Uri.Length;
        return fitting.Count == 0 || isTie || users.Find(fitting[0].UserName) is not { } user ? null : SecurityClaims.PrincipalOf(user, "Certificate");
    }

    private ClientCertificate Check(X509Certificate2 certificate)
    {
        if (!_checked.TryGetValue(certificate, out var known))
        {
            known = ClientCertificate.Check(certificate, authorities, time);
            _checked.AddOrUpdate(certificate, known);
        }

        return known;
    }

    private sealed class Acceptor(CertificateScheme scheme, ConnectionFacts connection) : ITokenAcceptor
    {
        public ValueTask<TokenStep> StepAsync(string token, CancellationToken cancellationToken) => ValueTask.FromResult(Step());

        public void Dispose()
        {
        }

        private TokenStep Step()
        {
            if (connection.ClientCertificate is null)
            {
                return TokenStep.RefusedFor("The client showed no certificate.");
            }

            try
            {
                var certificate = scheme.Check(connection.ClientCertificate);
                var named = SecurityClaims.PrincipalOf(certificate.Names[0], account: null, "Certificate");
                return TokenStep.AcceptedByResource(named, uri => scheme.PrincipalFor(certificate, uri));
            }
            catch (SecurityTokenException e)
            {
                return TokenStep.RefusedFor(e.Message);
            }
        }
    }
}

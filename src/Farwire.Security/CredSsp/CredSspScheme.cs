using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;

namespace Farwire.Security.CredSsp;

/// <summary>CredSSP as a service offers it: the client's password arrives with the client.</summary>
/// <remarks>MS-CSSP; MS-WSMV, "CredSSP". Not to be offered without need: whoever breaks the service has the passwords of its clients.</remarks>
/// <param name="ntlm">Proves local users; null offers none.</param>
/// <param name="kerberos">Proves users of a domain; null offers none.</param>
/// <param name="certificate">The certificate of the TLS inside (Service/CertificateThumbprint), or null: one made in memory.</param>
public sealed class CredSspScheme(NtlmService? ntlm, KerberosService? kerberos, X509Certificate2? certificate = null) : IAuthenticationScheme
{
    private readonly Lazy<X509Certificate2> _certificate = new(() => certificate ?? SelfSigned.Make(TimeProvider.System));

    private readonly NegotiateScheme _inner = NegotiateScheme.Inner(ntlm, kerberos);

    /// <inheritdoc/>
    public string Name => "CredSSP";

    /// <inheritdoc/>
    public ITokenAcceptor Accept(ConnectionFacts connection) => new CredSspAcceptor(this, connection);

    internal X509Certificate2 Certificate => _certificate.Value;

    // The TLS that is bound is the one inside; what is outside does not count.
    internal ISecurityContext? Begin(ReadOnlySpan<byte> token, ConnectionFacts connection) => _inner.Begin(token, connection with { Binding = null });

    /// <summary>The delegated password is really that of the user who proved himself; a name alone could be anybody's.</summary>
    internal bool Fits(string proved, TsCredentials credentials)
    {
        if (ntlm?.Find(proved, out var hash) is { } user)
        {
            var same = user.Name.Equals(credentials.User.Split('@')[0], StringComparison.OrdinalIgnoreCase);
            var fits = CryptographicOperations.FixedTimeEquals(hash, NtHash.Of(credentials.Password));
            CryptographicOperations.ZeroMemory(hash);
            return same && fits;
        }

        // A principal of a realm: alice@REALM, delegated as alice@REALM or as alice of the domain.
        return proved.Split('@')[0].Equals(credentials.User.Split('@')[0], StringComparison.OrdinalIgnoreCase);
    }
}

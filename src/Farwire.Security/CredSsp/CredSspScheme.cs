using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Claims;
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
/// <param name="certificate">Answers the certificate of the TLS inside (Service/CertificateThumbprint), or null: one made in memory.</param>
public sealed class CredSspScheme(NtlmService? ntlm, KerberosService? kerberos, Func<X509Certificate2?>? certificate = null) : IAuthenticationScheme
{
    private readonly Lazy<X509Certificate2> _selfSigned = new(() => SelfSigned.Make(TimeProvider.System));

    // TLS would build the chain of the certificate anew for each handshake.
    private readonly ConditionalWeakTable<X509Certificate2, SslStreamCertificateContext> _contexts = [];

    private readonly NegotiateScheme _inner = NegotiateScheme.Inner(ntlm, kerberos);

    /// <inheritdoc/>
    public string Name => "CredSSP";

    /// <inheritdoc/>
    public ITokenAcceptor Accept(ConnectionFacts connection) => new CredSspAcceptor(
        this, connection, _contexts.GetValue(certificate?.Invoke() ?? _selfSigned.Value, static one => SslStreamCertificateContext.Create(one, additionalCertificates: null, offline: true)));

    // The TLS that is bound is the one inside; what is outside does not count.
    internal ISecurityContext? Begin(ReadOnlySpan<byte> token, ConnectionFacts connection) => _inner.Begin(token, connection with { Binding = null });

    /// <summary>The delegated password is really that of the user who proved himself; a name alone could be anybody's.</summary>
    internal bool Fits(ClaimsPrincipal proved, TsCredentials credentials)
    {
        var name = proved.Identity!.Name!;
        if (IsOfRealm(proved))
        {
            // alice@REALM, delegated as alice@REALM or as alice of the domain. The password is held against the realm when it gets tickets.
            return name.Split('@')[0].Equals(credentials.User.Split('@')[0], StringComparison.OrdinalIgnoreCase);
        }

        var user = ntlm!.Find(name, out var hash);
        var fits = CryptographicOperations.FixedTimeEquals(hash, NtHash.Of(credentials.Password));
        CryptographicOperations.ZeroMemory(hash);
        return fits && user is not null && user.Name.Equals(credentials.User.Split('@')[0], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Tickets that the delegated password gets: always those of a user of a realm, and those of others when they name one.</summary>
    /// <exception cref="SecurityTokenException">The realm that proved the user does not take the password.</exception>
    internal DelegatedTickets? TicketsFor(ClaimsPrincipal proved, TsCredentials credentials)
    {
        if (IsOfRealm(proved))
        {
            return DelegatedTickets.Get(proved.Identity!.Name!, credentials.Password)
                ?? throw new SecurityTokenException("CredSSP delegates a password that the user's realm does not take.");
        }

        // A domain that is this machine's own name is none; whoever names no realm has none.
        var isLocal = credentials.Domain.Length == 0 || credentials.Domain.Equals(ntlm!.ComputerName, StringComparison.OrdinalIgnoreCase) || credentials.Domain.Equals(ntlm.DnsName, StringComparison.OrdinalIgnoreCase);
        return credentials.User.Contains('@', StringComparison.Ordinal) ? DelegatedTickets.Get(credentials.User, credentials.Password)
            : isLocal ? null
            : DelegatedTickets.Get(KerberosCredential.PrincipalOf($"{credentials.Domain}\\{credentials.User}"), credentials.Password);
    }

    private static bool IsOfRealm(ClaimsPrincipal proved) => proved.Identity!.AuthenticationType == "Kerberos";
}

using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;

namespace Farwire.Security.Spnego;

/// <summary><c>Negotiate</c>, and under their own names NTLM and Kerberos: what the client sends decides, not what it calls it.</summary>
/// <remarks>
/// RFC 4559; MS-WSMV, "Authentication". Clients send raw NTLM and raw Kerberos under <c>Negotiate</c> as well as SPNEGO; each is answered in its form.
/// </remarks>
public sealed class NegotiateScheme : IAuthenticationScheme
{
    private readonly NtlmService? _ntlm;
    private readonly KerberosService? _kerberos;

    private NegotiateScheme(string name, bool isListed, NtlmService? ntlm, KerberosService? kerberos) =>
        (Name, IsListed, _ntlm, _kerberos) = (name, isListed, ntlm, kerberos);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsListed { get; }

    /// <summary>The schemes for the mechanisms that there are: as Windows does, NTLM is taken under its own name but not listed.</summary>
    public static IReadOnlyList<IAuthenticationScheme> For(NtlmService? ntlm, KerberosService? kerberos)
    {
        var schemes = new List<IAuthenticationScheme>();
        if (ntlm is not null || kerberos is not null)
        {
            schemes.Add(new NegotiateScheme("Negotiate", true, ntlm, kerberos));
        }

        if (kerberos is not null)
        {
            schemes.Add(new NegotiateScheme("Kerberos", true, null, kerberos));
        }

        if (ntlm is not null)
        {
            schemes.Add(new NegotiateScheme("NTLM", false, ntlm, null));
        }

        return schemes;
    }

    /// <summary>The handshake inside of CredSSP.</summary>
    internal static NegotiateScheme Inner(NtlmService? ntlm, KerberosService? kerberos) => new("Negotiate", false, ntlm, kerberos);

    /// <inheritdoc/>
    public ITokenAcceptor Accept(ConnectionFacts connection) => new ContextAcceptor(token => Begin(token, connection));

    /// <summary>The context for a first token; null when it is of no mechanism that we have.</summary>
    internal ISecurityContext? Begin(ReadOnlySpan<byte> token, ConnectionFacts connection) =>
        NtlmFields.IsNtlm(token) ? Mechanism(MechanismIds.Ntlm, connection)
        : MechanismIds.OfToken(token) switch
        {
            MechanismIds.Spnego => new SpnegoAcceptor(id => Mechanism(id, connection)),
            "" => null,
            var id => Mechanism(id, connection),
        };

    private ISecurityContext? Mechanism(string id, ConnectionFacts connection) => id switch
    {
        MechanismIds.Ntlm => _ntlm?.Accept(connection),
        MechanismIds.Kerberos or MechanismIds.KerberosOfWindows => _kerberos?.Accept(connection),
        _ => null,
    };
}

using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Kerberos;
using Farwire.Security.Sealing;
using Farwire.Service.Dispatch;

namespace Farwire.AspNetCore;

/// <summary>What one connection has proved so far. Requests of a connection come one after another: no locks.</summary>
internal sealed class ConnectionSecurity(TlsBinding? binding = null, X509Certificate2? clientCertificate = null, X509Certificate2Collection? shown = null) : IDisposable
{
    private ClaimsPrincipal? _principal;
    private Caller? _caller;

    /// <summary>The caller that the connection stands for: one who came by a scheme of several legs.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>The connection never leaves the machine: it needs no cipher.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The connection came to the local endpoint, which has pages beside the service.</summary>
    public bool IsLocalEndpoint { get; init; }

    /// <summary>The schemes on offer at the connection's listener; null is those of the service.</summary>
    public Func<IReadOnlyList<IAuthenticationScheme>>? Schemes { get; init; }

    /// <summary>Seals and opens messages; null when the scheme cannot.</summary>
    public IMessageSeal? Seal { get; private set; }

    /// <summary>The handshake under way.</summary>
    public Handshake? Handshake { get; private set; }

    /// <summary>The client has a certificate.</summary>
    public bool HasClientCertificate => clientCertificate is not null;

    /// <summary>The caller of <paramref name="principal"/>; the same object as long as it stays the same.</summary>
    public Caller CallerOf(ClaimsPrincipal principal, string address, DelegatedTickets? tickets = null)
    {
        if (!ReferenceEquals(_principal, principal) || _caller is null)
        {
            _principal = principal;
            _caller = new Caller(principal, address) { Connection = this, Tickets = tickets is null ? null : tickets.ToCache };
        }

        return _caller;
    }

    /// <summary>Forgets whoever was here, and listens to another.</summary>
    public Handshake Begin(IAuthenticationScheme scheme, string address, string target, long now)
    {
        Forget();
        return Handshake = new Handshake(scheme, scheme.Accept(new ConnectionFacts(address, binding, clientCertificate) { Target = target, ShownAuthorities = shown }), now);
    }

    /// <summary>The connection stands for <paramref name="caller"/> from now on.</summary>
    public void Bind(Caller caller, IMessageSeal? seal) => (Caller, Seal) = (caller, seal);

    /// <summary>Forgets caller, keys and handshake.</summary>
    public void Forget()
    {
        Handshake?.Acceptor.Dispose();
        (Handshake, Caller, Seal) = (null, null, null);
    }

    public void Dispose() => Forget();
}

/// <summary>Legs of one scheme on one connection.</summary>
internal sealed class Handshake(IAuthenticationScheme scheme, ITokenAcceptor acceptor, long began)
{
    public IAuthenticationScheme Scheme { get; } = scheme;

    public ITokenAcceptor Acceptor { get; } = acceptor;

    public long Began { get; } = began;

    public int Legs { get; set; }
}

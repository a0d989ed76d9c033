using System.Security.Cryptography.X509Certificates;
using Farwire.Security.ChannelBinding;

namespace Farwire.Security;

/// <summary>A way to prove who one is, as a service offers it.</summary>
/// <remarks>RFC 9110, "Authentication scheme". One object serves all connections; what belongs to one connection is the acceptor that it makes.</remarks>
public interface IAuthenticationScheme
{
    /// <summary>The name in <c>Authorization</c> and <c>WWW-Authenticate</c>.</summary>
    string Name { get; }

    /// <summary>
    /// What follows the name where the scheme is on offer, such as <c>realm="WSMAN"</c>; empty when nothing does. Several are offers of their own, the best first.
    /// </summary>
    IReadOnlyList<string> Challenges => [""];

    /// <summary>The scheme stands in the list of what is on offer. One that does not is taken all the same.</summary>
    bool IsListed => true;

    /// <summary>Who reads the connection learns the secret: not offered in clear text unless that is allowed.</summary>
    bool ShowsSecret => false;

    /// <summary>Each request proves itself; nothing is kept on the connection.</summary>
    bool IsPerRequest => false;

    /// <summary>TLS must ask the client for a certificate.</summary>
    bool NeedsClientCertificate => false;

    /// <summary>Begins to listen to a client.</summary>
    ITokenAcceptor Accept(ConnectionFacts connection);
}

/// <summary>What is known of a connection before its client has said who it is.</summary>
/// <param name="Address">The client's network address, for the count of wrong guesses.</param>
/// <param name="Binding">What ties a context to the TLS connection beneath; null without TLS.</param>
/// <param name="ClientCertificate">The certificate that the client proved in TLS.</param>
public sealed record ConnectionFacts(string Address, TlsBinding? Binding = null, X509Certificate2? ClientCertificate = null)
{
    /// <summary>What the request asks for, such as <c>/wsman</c>: a scheme that proves each request proves it for this target.</summary>
    public string Target { get; init; } = "";

    /// <summary>The authorities that the client showed with its certificate; whether they are trusted is another question.</summary>
    public X509Certificate2Collection? ShownAuthorities { get; init; }
}

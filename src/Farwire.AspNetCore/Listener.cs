using System.Net;
using System.Net.Security;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using Farwire.Security;

namespace Farwire.AspNetCore;

/// <summary>An address that the service listens on.</summary>
/// <param name="EndPoint">The address; port 0 takes a free one.</param>
/// <param name="Certificate">The certificate of HTTPS; null is HTTP.</param>
/// <remarks>MS-WSMV, "Listener".</remarks>
public sealed record Listener(IPEndPoint EndPoint, X509Certificate2? Certificate = null)
{
    /// <summary>
    /// Answers the certificate for each new connection, with those that lead from it to an authority, in place of <see cref="Certificate"/>, so that a
    /// renewed one counts at once.
    /// </summary>
    public Func<SslStreamCertificateContext>? CertificateSource { get; init; }

    /// <summary>Answers the schemes on offer here, in place of those of the service; a scheme stays the same object as long as it is on offer.</summary>
    public Func<IReadOnlyList<IAuthenticationScheme>>? Schemes { get; init; }

    /// <summary>Balancers before it, which say first of each connection where it comes from (PROXY protocol).</summary>
    public IReadOnlyList<IPNetwork> Balancers { get; init; } = [];

    /// <summary>It is for this machine alone: the pages of the local endpoint can be read there too.</summary>
    public bool IsLocalEndpoint { get; init; }
}

/// <summary>A Unix socket on which the kernel says who calls.</summary>
/// <param name="Path">The socket's file; whoever may open it may ask.</param>
/// <param name="PrincipalOf">The principal of a user number, or null for nobody.</param>
/// <remarks>unix(7), "SO_PEERCRED". It stands for Windows' local endpoint, which works without listeners.</remarks>
public sealed record LocalListener(string Path, Func<uint, ClaimsPrincipal?> PrincipalOf);

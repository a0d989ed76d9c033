using System.Net;
using Farwire.Security;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Http;

namespace Farwire.AspNetCore;

/// <summary>From an Authorization header to a caller, or to the 401 that lists what is on offer.</summary>
/// <remarks>RFC 9110, "HTTP authentication"; MS-WSMV, "Authentication".</remarks>
internal sealed class AuthenticationStage(IReadOnlyList<ITokenAcceptor> acceptors, WSManEdgeOptions options)
{
    /// <summary>The caller, or null after the refusal was written.</summary>
    public async ValueTask<Caller?> AuthenticateAsync(HttpContext http, bool allowAnonymous)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return allowAnonymous ? Caller.Anonymous : Refuse(http);
        }

        var text = header.ToString();
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (blank > 0 && (http.Request.IsHttps || options.AllowUnencrypted))
        {
            foreach (var acceptor in acceptors)
            {
                if (text.AsSpan(0, blank).Equals(acceptor.Scheme, StringComparison.OrdinalIgnoreCase))
                {
                    return await StepAsync(http, acceptor, text[(blank + 1)..]).ConfigureAwait(false);
                }
            }
        }

        return Refuse(http);
    }

    private async ValueTask<Caller?> StepAsync(HttpContext http, ITokenAcceptor acceptor, string token)
    {
        var address = AddressOf(http);
        var step = await acceptor.StepAsync(token, address, http.RequestAborted).ConfigureAwait(false);
        return step.IsAccepted ? SecurityOf(http).Is(step.Principal!, address) : Refuse(http);
    }

    private Caller? Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;

        // As Windows does: whoever has nothing to show starts on a new connection. It also spares reading the body.
        http.Response.Headers.Connection = "close";
        if (http.Request.IsHttps || options.AllowUnencrypted)
        {
            foreach (var acceptor in acceptors)
            {
                http.Response.Headers.Append("WWW-Authenticate", $"{acceptor.Scheme} realm=\"WSMAN\"");
            }
        }

        return null;
    }

    private static ConnectionSecurity SecurityOf(HttpContext http)
    {
        var security = http.Features.Get<ConnectionSecurity>();
        if (security is null)
        {
            // A host that did not set the connection up: the request stands for itself.
            security = new ConnectionSecurity();
            http.Features.Set(security);
        }

        return security;
    }

    private static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}

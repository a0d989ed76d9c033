using System.Net;
using System.Security.Claims;
using Farwire.Protocol.Names;
using Farwire.Security;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Farwire.AspNetCore;

/// <summary>From an Authorization header, or from what the connection proved before, to a caller; or to the 401 that lists what is on offer.</summary>
/// <remarks>
/// RFC 9110, "HTTP authentication"; MS-WSMV, "Authentication". The steps: 1. without a header the connection speaks for itself; 2. the scheme; 3. the
/// leg, of a new handshake or of the one under way; 4. the next leg goes out as 401 that keeps the connection, all else that fails as 401 that ends it.
/// </remarks>
internal sealed class AuthenticationStage(WSManEdge edge, TimeProvider time, ILogger log)
{
    private const int MaxLegs = 8;

    private static readonly TimeSpan MaxHandshake = TimeSpan.FromSeconds(30);

    /// <summary>The caller, or null after the refusal or the next leg was written.</summary>
    /// <param name="http">The request.</param>
    /// <param name="allowAnonymous">Whoever says nothing is nobody in particular.</param>
    /// <param name="isDelivery">Events are brought, or asked about: who brings them is the machine of a certificate.</param>
    public async ValueTask<Caller?> AuthenticateAsync(HttpContext http, bool allowAnonymous, bool isDelivery)
    {
        if (edge.Options.TakesHostsUsers && http.User.Identity is { IsAuthenticated: true })
        {
            return SecurityOf(http).CallerOf(Complete(http.User), AddressOf(http));
        }

        // 1. Sources of events show their certificate in TLS, and say nothing of it in HTTP.
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            var security = SecurityOf(http);
            return isDelivery && security is { Caller: null, HasClientCertificate: true } && SchemesAt(security).FirstOrDefault(one => one.NeedsClientCertificate) is { } certificates
                ? await StepAsync(http, certificates, "", isDelivery).ConfigureAwait(false)
                : security.Caller ?? (allowAnonymous ? Caller.Anonymous : Refuse(http));
        }

        // 2. "Negotiate YII…", or for client certificates a name alone
        var text = header.ToString();
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        var (name, token) = blank < 0 ? (text, "") : (text[..blank], text[(blank + 1)..].Trim());
        foreach (var scheme in SchemesAt(SecurityOf(http)))
        {
            if (name.Equals(scheme.Name, StringComparison.OrdinalIgnoreCase) && (!scheme.ShowsSecret || MayBeClear(http)))
            {
                return await StepAsync(http, scheme, token, isDelivery).ConfigureAwait(false);
            }
        }

        return Refuse(http);
    }

    /// <summary>Messages need no sealing: TLS does it, they never leave the machine, or nobody cares.</summary>
    public bool MayBeClear(HttpContext http) => http.Request.IsHttps || edge.Options.AllowUnencrypted || SecurityOf(http).IsLocal;

    /// <summary>Writes the refusal and forgets what the connection proved.</summary>
    public Caller? Refuse(HttpContext http, string? reason = null) => Refuse(http, reason, scheme => scheme.Challenges);

    private Caller? Refuse(HttpContext http, string? reason, Func<IAuthenticationScheme, IReadOnlyList<string>> challengesOf)
    {
        SecurityOf(http).Forget();
        if (reason is not null)
        {
            Log.Refused(log, AddressOf(http), reason);
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;

        // As Windows does: whoever has nothing to show starts on a new connection. It also spares reading the body.
        http.Response.Headers.Connection = "close";
        foreach (var scheme in SchemesAt(SecurityOf(http)))
        {
            if (scheme.IsListed && (!scheme.ShowsSecret || MayBeClear(http)))
            {
                foreach (var challenge in challengesOf(scheme))
                {
                    http.Response.Headers.Append("WWW-Authenticate", challenge.Length == 0 ? scheme.Name : $"{scheme.Name} {challenge}");
                }
            }
        }

        return null;
    }

    /// <summary>What the request's connection has proved.</summary>
    public static ConnectionSecurity SecurityOf(HttpContext http)
    {
        var security = http.Features.Get<ConnectionSecurity>();
        if (security is not null)
        {
            return security;
        }

        // A host that did not set the connection up keeps it with the connection, where it has one at a time; else the request stands for itself.
        security = new ConnectionSecurity();
        if (HttpProtocol.IsHttp11(http.Request.Protocol) && http.Features.Get<IConnectionItemsFeature>()?.Items is { } items && http.Features.Get<IConnectionLifetimeFeature>() is { } lifetime)
        {
            if (items.TryGetValue(typeof(ConnectionSecurity), out var kept))
            {
                return (ConnectionSecurity)kept!;
            }

            items[typeof(ConnectionSecurity)] = security;
            lifetime.ConnectionClosed.UnsafeRegister(static ended => ((ConnectionSecurity)ended!).Dispose(), security);
            return security;
        }

        http.Features.Set(security);
        http.Response.RegisterForDispose(security);

        return security;
    }

    private async ValueTask<Caller?> StepAsync(HttpContext http, IAuthenticationScheme scheme, string token, bool isDelivery)
    {
        // 3. A header on a connection that has proved itself starts over.
        var security = SecurityOf(http);
        var address = AddressOf(http);
        var handshake = security.Handshake is { } underWay && underWay.Scheme == scheme && security.Caller is null
            ? underWay
            : security.Begin(scheme, address, http.Features.Get<IHttpRequestFeature>()!.RawTarget, time.GetTimestamp());
        if (++handshake.Legs > MaxLegs || time.GetElapsedTime(handshake.Began) > MaxHandshake)
        {
            return Refuse(http, "the handshake has too many legs or takes too long");
        }

        var step = await handshake.Acceptor.StepAsync(token, http.RequestAborted).ConfigureAwait(false);

        // 4
        if (step.IsContinued)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = $"{scheme.Name} {step.Reply}";
            await SkipBodyAsync(http).ConfigureAwait(false);
            return null;
        }

        edge.Dispatcher.Meter.Authenticated(scheme.Name, step.IsAccepted);
        if (!step.IsAccepted)
        {
            Refuse(http, step.Reason ?? "the token proves nothing", one => one == scheme && step.Challenges is { } anew ? anew : one.Challenges);
            if (step.Reply is not null)
            {
                http.Response.Headers.Append("WWW-Authenticate", $"{scheme.Name} {step.Reply}");
            }

            return null;
        }

        if (step.Reply is not null)
        {
            http.Response.Headers.WWWAuthenticate = $"{scheme.Name} {step.Reply}";
        }

        var caller = step.PrincipalFor is { } byResource
            ? new Caller(step.Principal!, address) { PrincipalFor = uri => (isDelivery && IsOfEvents(uri) ? step.SourceFor! : byResource)(uri) is { } principal ? Complete(principal) : null }
            : security.CallerOf(Complete(step.Principal!), address, step.Tickets);
        if (scheme.IsPerRequest)
        {
            security.Forget();
        }
        else
        {
            security.Bind(caller, step.Seal);
        }

        return caller;
    }

    private IReadOnlyList<IAuthenticationScheme> SchemesAt(ConnectionSecurity security) => security.Schemes?.Invoke() ?? edge.Schemes;

    // Deliveries name no resource.
    private static bool IsOfEvents(string resourceUri) => resourceUri.Length == 0 || resourceUri.Equals(ResourceUris.SubscriptionManager, StringComparison.OrdinalIgnoreCase);

    private ClaimsPrincipal Complete(ClaimsPrincipal proved) => edge.Options.Accounts?.Complete(proved) ?? proved;

    // Some clients attach the message to every leg. A client that waits for "100 Continue" would take the message for the next request otherwise.
    private static async ValueTask SkipBodyAsync(HttpContext http)
    {
        if (http.Request.Headers.Expect.Count > 0)
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}

using System.Net;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Farwire.AspNetCore;

/// <summary>Pages for people beside the service: they listen and ask who is there as the service does.</summary>
public static class EdgePages
{
    /// <summary>Has Kestrel listen for pages: over TLS, or in clear on loopback, where nothing leaves the machine.</summary>
    /// <exception cref="ArgumentException">In clear, and not on loopback.</exception>
    public static void ListenForPages(this KestrelServerOptions kestrel, Listener listener, WSManEdge edge)
    {
        var isLoopback = IPAddress.IsLoopback(listener.EndPoint.Address);
        if (!isLoopback && listener.Certificate is null && listener.CertificateSource is null)
        {
            throw new ArgumentException($"A page at {listener.EndPoint} would show passwords to the network: give it a certificate, or have it listen on 127.0.0.1.", nameof(listener));
        }

        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = WSManServer.MaxHeaderBytes;
        kestrel.Listen(listener.EndPoint, listen => WSManServer.Configure(listen, listener, edge, isLocal: isLoopback));
    }

    /// <summary>Asks whoever comes who he is, by the schemes on offer; what follows finds him in <see cref="CallerOf"/> and in the request's user.</summary>
    public static IApplicationBuilder UseEdgeAuthentication(this IApplicationBuilder application, WSManEdge edge)
    {
        var authentication = new AuthenticationStage(edge, edge.Options.Time, edge.Logs.CreateLogger("Farwire.Edge"));
        return application.Use(next => async http =>
        {
            if (await authentication.AuthenticateAsync(http, allowAnonymous: false, isDelivery: false).ConfigureAwait(false) is { } caller)
            {
                http.Features.Set(caller);
                http.User = caller.Principal;
                await next(http).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Who sent the request; anonymous where <see cref="UseEdgeAuthentication"/> was not asked.</summary>
    public static Caller CallerOf(HttpContext http) => http.Features.Get<Caller>() ?? Caller.Anonymous;
}

using Farwire.AspNetCore;
using Farwire.Events;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Microsoft.AspNetCore.Http;

namespace Farwire.Console;

/// <summary>Who may see and do what here: what he may at the collector's resources.</summary>
internal sealed class PageAccess(WSManEdge edge)
{
    public async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var (action, resource) = NeededFor(http.Request);
        if (!May(EdgePages.CallerOf(http), action, resource))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(
                $"You may not do this: it needs the right to {(action == Actions.Put ? "change" : "read")} {resource}. Administrators give rights: winrm configsddl {resource}\n", http.RequestAborted).ConfigureAwait(false);
            return;
        }

        await next(http).ConfigureAwait(false);
    }

    /// <summary>True when <paramref name="caller"/> may do it.</summary>
    public bool May(Caller caller, string action, string resource) => edge.Dispatcher.Options.Access.Decide(caller.For(resource), action, resource).IsGranted;

    // Whatever is not known here is as secret as the events.
    private static (string Action, string Resource) NeededFor(HttpRequest request)
    {
        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        return isChange ? (Actions.Put, request.Path.StartsWithSegments("/sources") ? CollectorUris.Source : CollectorUris.Subscription)
            : (Actions.Enumerate, request.Path.StartsWithSegments("/sources") ? CollectorUris.Source
                : request.Path.StartsWithSegments("/subscriptions") ? CollectorUris.Subscription
                : CollectorUris.Event);
    }
}

using System.IO.Pipelines;
using Farwire.Protocol.Names;
using Farwire.Service.Access;
using Microsoft.AspNetCore.Http;

namespace Farwire.AspNetCore;

/// <summary>Something to read at the local endpoint beside the service: health, measurements, a trace.</summary>
/// <param name="Path">Where it is, such as <c>/health</c>.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="WriteAsync">Writes it; ends early when the reader has gone.</param>
public sealed record LocalPage(string Path, string ContentType, Func<PipeWriter, CancellationToken, Task> WriteAsync)
{
    /// <summary>Only who may read the configuration may read it, and only over the socket, where the kernel says who that is.</summary>
    public bool IsForAdministrators { get; init; }

    /// <summary>The status of HTTP.</summary>
    public Func<int> Status { get; init; } = static () => StatusCodes.Status200OK;
}

/// <summary>The pages of the local endpoint.</summary>
internal sealed class LocalPages(IReadOnlyList<LocalPage> pages, WSManEdge edge)
{
    /// <summary>Serves a page; false when the request is for something else.</summary>
    public async ValueTask<bool> TryServeAsync(HttpContext http)
    {
        if (!AuthenticationStage.SecurityOf(http).IsLocalEndpoint || pages.FirstOrDefault(page => http.Request.Path.Equals(page.Path, StringComparison.Ordinal)) is not { } page)
        {
            return false;
        }

        var response = http.Response;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET";
            return true;
        }

        if (page.IsForAdministrators && !IsAdministrator(http))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            return true;
        }

        response.StatusCode = page.Status();
        response.ContentType = page.ContentType;
        await page.WriteAsync(response.BodyWriter, http.RequestAborted).ConfigureAwait(false);
        return true;
    }

    private bool IsAdministrator(HttpContext http) =>
        AuthenticationStage.SecurityOf(http).Caller is { } caller && edge.Dispatcher.Options.Access.Decide(caller, Actions.Get, ResourceUris.Config).IsGranted;
}

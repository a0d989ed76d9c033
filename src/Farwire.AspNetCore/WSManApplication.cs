using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Farwire.AspNetCore;

/// <summary>What Kestrel hands its requests to: the endpoint, at once, or a page of the local endpoint.</summary>
internal sealed class WSManApplication(WSManEndpoint endpoint, LocalPages? pages) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps the context with the connection: one object for all its requests.
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> container)
        {
            return new DefaultHttpContext(contextFeatures);
        }

        if (container.HostContext is { } context)
        {
            context.Initialize(contextFeatures);
            return context;
        }

        return container.HostContext = new DefaultHttpContext(contextFeatures);
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => pages is null ? endpoint.HandleAsync(context) : ServeAsync(pages, context);

    private async Task ServeAsync(LocalPages local, DefaultHttpContext context)
    {
        if (!await local.TryServeAsync(context).ConfigureAwait(false))
        {
            await endpoint.HandleAsync(context).ConfigureAwait(false);
        }
    }

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}

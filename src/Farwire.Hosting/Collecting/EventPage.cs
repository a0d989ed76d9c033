using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Console;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Hosting.Collecting;

/// <summary>The page on events, where a collector has one.</summary>
internal static class EventPage
{
    public static async Task<ConsolePage?> StartAsync(Listener? listener, EventCollector collector, WSManEdge edge, ILoggerFactory? logs, CancellationToken cancellationToken)
    {
        if (listener is null)
        {
            return null;
        }

        var page = await ConsolePage.StartAsync(listener, collector, edge, logs: logs, cancellationToken: cancellationToken).ConfigureAwait(false);
        Log.PageIsAt((logs ?? NullLoggerFactory.Instance).CreateLogger("Farwire.Hosting"), page.Address);
        return page;
    }
}

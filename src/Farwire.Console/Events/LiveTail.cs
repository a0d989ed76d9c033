using System.Text;
using System.Text.Json;
using Farwire.Collector;
using Farwire.Collector.Store;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Farwire.Console.Events;

/// <summary>New events as they are stored, one message each.</summary>
/// <remarks>HTML, "Server-sent events". The browser asks again by itself when the connection ends, and says which event it saw last.</remarks>
internal sealed class LiveTail(EventCollector collector, IHostApplicationLifetime lifetime)
{
    // Nobody reads more at a time; what is passed over is in the list of events.
    private const int MaxAtOnce = 100;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task ServeAsync(HttpContext http)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        Farwire.Collector.Search.EventSearch search;
        try
        {
            search = EventListQuery.Read(http.Request.Query).ToSearch(DateTime.MinValue) with { From = null, To = null };
        }
        catch (EventQueryException e)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(e.Message, over.Token).ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        var after = long.TryParse(http.Request.Headers["Last-Event-ID"].ToString(), out var seen) ? seen : collector.Store.LastSequence;
        await http.Response.WriteAsync(": begins\n\n", over.Token).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(over.Token).ConfigureAwait(false);
        try
        {
            while (true)
            {
                if (!await GrowsAsync(after, over.Token).ConfigureAwait(false))
                {
                    await http.Response.WriteAsync(": still here\n\n", over.Token).ConfigureAwait(false); // a dead connection shows
                    await http.Response.Body.FlushAsync(over.Token).ConfigureAwait(false);
                    continue;
                }

                var last = collector.Store.LastSequence;
                var found = new List<StoredEvent>();
                await foreach (var stored in collector.Store.SearchAsync(search with { After = after, Before = last + 1, NewestFirst = true, Limit = MaxAtOnce }, over.Token).ConfigureAwait(false))
                {
                    found.Add(stored);
                }

                found.Reverse();
                foreach (var stored in found)
                {
                    await http.Response.WriteAsync(Message(stored), over.Token).ConfigureAwait(false);
                }

                await http.Response.Body.FlushAsync(over.Token).ConfigureAwait(false);
                after = last;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Whoever watched has seen enough, or the collector stops.
        }
    }

    private async Task<bool> GrowsAsync(long after, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Silence);
        try
        {
            await collector.Store.WaitAsync(after, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    // JSON writes line ends and everything beyond ASCII as escapes: an event cannot end its message.
    private static string Message(StoredEvent stored)
    {
        var system = stored.Record.System;
        var json = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["sequence"] = stored.Sequence,
            ["level"] = EventWords.Level(system.Level),
            ["time"] = EventWords.Time(system.TimeCreated),
            ["provider"] = system.ProviderName ?? "",
            ["id"] = system.EventId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?",
            ["channel"] = system.Channel ?? "",
            ["computer"] = system.Computer ?? "",
        });
        return new StringBuilder().Append("id: ").Append(stored.Sequence).Append("\ndata: ").Append(json).Append("\n\n").ToString();
    }
}

using Farwire.Client.Connection;
using Farwire.Events.Bookmarks;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Source.Channels;
using Farwire.Source.State;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Forwarding;

/// <summary>Serves one subscription of one collector until it is cancelled.</summary>
/// <remarks>
/// MS-WSMV, "Event delivery". 1. Where to begin: the collector's bookmark, else what was acknowledged here, else anew. 2. Beginning anew with the next
/// event sends a marker, so that the collector has a place to come back to. 3. Batches, one at a time; a heartbeat when there was nothing for long.
/// 4. What is not acknowledged is sent again: after the interval, as often as the subscription says, then at the next refresh. 5. The place is kept
/// after the Ack only. 6. The end is told.
/// </remarks>
internal sealed class SubscriptionRun(Uri collector, DeliveryTerms terms, ForwardingMeans means, SubscriptionProgress progress, Func<Uri, DeliveryTerms?, IMessageChannel> connect)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private volatile TaskCompletionSource _refreshed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Id => terms.NotifyTo.Identifier ?? terms.Name;

    /// <summary>The collector was heard of again: what waits for it may try.</summary>
    public void Refresh()
    {
        var waited = _refreshed;
        _refreshed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waited.TrySetResult();
    }

    /// <summary>Serves; ends when cancelled, or when this machine gives the subscription up.</summary>
    /// <exception cref="SubscriptionRefusedException">It cannot be served; the collector has been told.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var link = new DeliveryLink(terms, means.MachineId, address => connect(address, terms));
        try
        {
            // 1
            var known = terms.Bookmark ?? means.Bookmarks.Read(collector, Id);
            await using var reader = Open(known);
            progress.Opened();

            // 2
            if (known is null && !terms.ReadExisting)
            {
                await DeliverAsync(link, new EventBatch { Events = [Marker()], AsCData = terms.AsCData }, reader.Position, 0, cancellationToken).ConfigureAwait(false);
            }

            await ServeAsync(link, reader, cancellationToken).ConfigureAwait(false);
        }
        catch (SubscriptionRefusedException e)
        {
            await TellEndAsync(link, SubscriptionEnd.SourceCancelling, e.Code, e.Message).ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // 6
            await TellEndAsync(link, means.IsStopping ? SubscriptionEnd.SourceShuttingDown : SubscriptionEnd.SourceCancelling, 0, null).ConfigureAwait(false);
        }
    }

    // Provider, EventID and the missing channel are how a collector knows that this is no event of anybody.
    private string Marker() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-EventForwarder'/><EventID>111</EventID><TimeCreated SystemTime='{means.Time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}'/><Computer>{System.Security.SecurityElement.Escape(means.MachineId)}</Computer></System><SubscriptionBookmarkEvent><SubscriptionId></SubscriptionId></SubscriptionBookmarkEvent></Event>");

    private IEventReader Open(BookmarkList? known)
    {
        try
        {
            // Going on, a channel that the bookmark does not have was empty then, or is new in the query: its events are all new to the collector.
            return means.Channels.Open(terms.Query, known, terms.ReadExisting || known is not null, terms.IsRendered, terms.IgnoresMissingChannels);
        }
        catch (ChannelNotFoundException e)
        {
            throw new SubscriptionRefusedException(ChannelNotFoundException.Code, e.Message);
        }
    }

    // 3
    private async Task ServeAsync(DeliveryLink link, IEventReader reader, CancellationToken cancellationToken)
    {
        var batch = new BatchMaker(terms, reader, means.Time);
        var silent = means.Time.GetTimestamp();
        while (true)
        {
            if (await batch.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                await means.Rate.TakeAsync(batch.Events.Count, cancellationToken).ConfigureAwait(false);
                var body = new EventBatch { Events = [.. batch.Events.Select(one => one.Xml)], Dropped = batch.Dropped, AsCData = terms.AsCData };
                await DeliverAsync(link, body, batch.Position, batch.Events.Count, cancellationToken).ConfigureAwait(false);
                batch.Clear();
                silent = means.Time.GetTimestamp();
                continue;
            }

            var untilHeartbeat = terms.Heartbeats - means.Time.GetElapsedTime(silent);
            if (untilHeartbeat <= TimeSpan.Zero)
            {
                await DeliverAsync(link, EventBatch.Empty, null, 0, cancellationToken).ConfigureAwait(false);
                silent = means.Time.GetTimestamp();
                continue;
            }

            await WaitAsync(reader, batch.UntilDue is { } due && due < untilHeartbeat ? due : untilHeartbeat, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(IEventReader reader, TimeSpan most, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(most, means.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await reader.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up: a batch is due, or a heartbeat.
        }
    }

    // 4
    private async Task DeliverAsync(DeliveryLink link, EventBatch batch, BookmarkList? position, int events, CancellationToken cancellationToken)
    {
        var action = ReferenceEquals(batch, EventBatch.Empty) ? Actions.Heartbeat : Actions.Events;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await link.SendAsync(action, batch, position?.ToXml(), cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (e is WSManTransportException or WSManFaultException)
            {
                progress.Failed(e);
                Log.DeliveryFailed(means.Logger, terms.Name, collector, attempt, e.Message);
            }

            if (attempt % terms.RetryTotal == 0)
            {
                await _refreshed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await Task.Delay(terms.RetryInterval, means.Time, cancellationToken).ConfigureAwait(false);
            }
        }

        progress.Acknowledged(events, position);

        // 5
        if (position is not null)
        {
            try
            {
                means.Bookmarks.Write(collector, Id, position);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nothing is lost: the collector has the events and the place too; a restart may send some of them twice.
                progress.NotKept(e);
                Log.BookmarkNotKept(means.Logger, terms.Name, e.Message);
            }
        }
    }

    private async Task TellEndAsync(DeliveryLink link, string status, uint code, string? reason)
    {
        using var patience = new CancellationTokenSource(EndPatience);
        var end = new SubscriptionEnd(status)
        {
            SubscriptionManager = new EventingReference(EndpointUri, Id),
            Reason = reason,
            Fault = code == 0 ? null : new WSManFault { SoapCode = "s:Receiver", Action = Actions.WSManFault, Code = code, Reason = reason ?? "", Machine = means.MachineId },
        };
        try
        {
            await link.SendAsync(Actions.SubscriptionEnd, end, null, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManTransportException or WSManFaultException or OperationCanceledException)
        {
            Log.EndNotTold(means.Logger, terms.Name, collector, e.Message);
        }
    }

    private const string EndpointUri = Protocol.Addressing.EndpointReference.Anonymous;
}

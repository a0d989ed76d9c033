using System.Globalization;
using System.Security;
using Farwire.Client.Connection;
using Farwire.Events.Bookmarks;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Source.Channels;
using Farwire.Source.Operational;

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
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private volatile TaskCompletionSource _refreshed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _silent = means.Time.GetTimestamp();

    private string Id => terms.NotifyTo.Identifier ?? terms.Name;

    private TimeSpan UntilHeartbeat => terms.Heartbeats - means.Time.GetElapsedTime(_silent) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    /// <summary>The collector was heard of again: what waits for it may try.</summary>
    public void Refresh()
    {
        var waited = _refreshed;
        _refreshed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        waited.TrySetResult();
    }

    /// <summary>Serves; ends when cancelled, or when this machine gives the subscription up.</summary>
    /// <exception cref="SubscriptionRefusedException">It cannot be served; the collector has been told.</exception>
    /// <exception cref="IOException">What this machine remembers of it cannot be read.</exception>
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
                Keep(reader.Position); // until the marker arrives, nobody else knows where this began
                await DeliverAsync(link, Actions.Events, new EventBatch { Events = [Marker()], AsCData = terms.AsCData }, reader.Position, 0, cancellationToken).ConfigureAwait(false);
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
        CultureInfo.InvariantCulture,
        $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-EventForwarder'/><EventID>111</EventID><TimeCreated SystemTime='{means.Time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}'/><Computer>{SecurityElement.Escape(means.MachineId)}</Computer></System><SubscriptionBookmarkEvent><SubscriptionId></SubscriptionId></SubscriptionBookmarkEvent></Event>");

    private IEventReader Open(BookmarkList? known)
    {
        if (terms.Query is not { } query)
        {
            throw terms.Refusal!;
        }

        try
        {
            // Going on, a channel that the bookmark does not have was empty then, or is new in the query: its events are all new to the collector.
            var reader = means.Channels.Open(query, known, terms.ReadExisting || known is not null, terms.IsRendered, terms.IgnoresMissingChannels);
            var missing = query.Channels.Except(means.Channels.Names, StringComparer.OrdinalIgnoreCase).ToList();
            means.Operations.Write(missing.Count == 0
                ? OperationalEvent.SubscriptionCreated(terms.Name, collector)
                : OperationalEvent.SubscriptionCreatedInPart(terms.Name, collector, missing));
            return reader;
        }
        catch (ChannelNotFoundException e)
        {
            throw SubscriptionRefusedException.Of(e);
        }
    }

    // 3
    private async Task ServeAsync(DeliveryLink link, IEventReader reader, CancellationToken cancellationToken)
    {
        var batch = new BatchMaker(terms with { MaxEvents = Math.Min(terms.MaxEvents, means.Rate.MaxBatch) }, reader, means.Time);
        while (true)
        {
            if (await batch.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                await TakeTurnAsync(link, batch.Events.Count, cancellationToken).ConfigureAwait(false);
                var body = new EventBatch { Events = [.. batch.Events.Select(one => one.Xml)], Dropped = batch.Dropped, AsCData = terms.AsCData };
                await DeliverAsync(link, Actions.Events, body, batch.Position, batch.Events.Count, cancellationToken).ConfigureAwait(false);
                batch.Clear();
            }
            else if (UntilHeartbeat is var quiet && quiet == TimeSpan.Zero)
            {
                await HeartbeatAsync(link, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await WaitAsync(reader, batch.UntilDue is { } due && due < quiet ? due : quiet, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The rate holds events back, not the sign of life.
    private async Task TakeTurnAsync(DeliveryLink link, int events, CancellationToken cancellationToken)
    {
        var turn = means.Rate.TakeAsync(events, cancellationToken);
        while (!turn.IsCompleted)
        {
            using var beatNoMore = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var beat = Task.Delay(UntilHeartbeat, means.Time, beatNoMore.Token);
            if (await Task.WhenAny(turn, beat).ConfigureAwait(false) == beat && beat.IsCompletedSuccessfully)
            {
                await HeartbeatAsync(link, cancellationToken).ConfigureAwait(false);
            }

            await beatNoMore.CancelAsync().ConfigureAwait(false);
        }

        await turn.ConfigureAwait(false);
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

    private Task HeartbeatAsync(DeliveryLink link, CancellationToken cancellationToken) => DeliverAsync(link, Actions.Heartbeat, EventBatch.Empty, null, 0, cancellationToken);

    // 4
    private async Task DeliverAsync(DeliveryLink link, string action, EventBatch batch, BookmarkList? position, int events, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await link.SendAsync(action, batch, position?.ToXml(), cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (e is WSManTransportException or WSManFaultException)
            {
                var (waitsForRefresh, asked) = (attempt % terms.RetryTotal == 0, (e as WSManTransportException)?.RetryAfter);
                var wait = BackOff.AtLeast(terms.RetryInterval, asked);
                Log.DeliveryFailed(means.Logger, terms.Name, collector, attempt, e.Message);
                progress.Failed(e, waitsForRefresh ? null : wait);
                await RestAsync(waitsForRefresh ? Timeout.InfiniteTimeSpan : wait, asked is null, cancellationToken).ConfigureAwait(false);
            }
        }

        _silent = means.Time.GetTimestamp();
        progress.Acknowledged(events, position);
        if (position is not null)
        {
            Keep(position);
        }
    }

    // A collector that answers again is tried at once, unless it asked for the time.
    private async Task RestAsync(TimeSpan time, bool untilRefresh, CancellationToken cancellationToken)
    {
        using var rested = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rest = Task.Delay(time, means.Time, rested.Token);
        await (untilRefresh || time == Timeout.InfiniteTimeSpan ? Task.WhenAny(rest, _refreshed.Task) : rest).ConfigureAwait(false);
        await rested.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    // 5
    private void Keep(BookmarkList position)
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

    private async Task TellEndAsync(DeliveryLink link, string status, uint code, string? reason)
    {
        using var patience = new CancellationTokenSource(EndPatience);
        var end = new SubscriptionEnd(status)
        {
            SubscriptionManager = new EventingReference(EndpointReference.Anonymous, Id),
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
}

using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Subscriptions;

/// <summary>Sends the events of one subscription to where its subscriber listens, until one of them ends it.</summary>
/// <remarks>
/// DSP0226, "Delivery modes", "Heartbeats", "Subscribe: connection retries". 1. Wait for an event, or for the moment of a heartbeat. 2. Gather what comes
/// within MaxTime and fits. 3. Send, and send again as ConnectionRetry says. 4. What has arrived is told to its source. The end: a subscriber
/// that refuses is left silently, every other end is told to EndTo.
/// </remarks>
internal sealed class EventDelivery(
    Subscription subscription, SubscriptionTable table, IEnumerationCursor cursor, IDeliveryChannel channel, Subscribe request, bool asCData, TimeProvider time, ILogger logger)
{
    private const int DefaultBatch = 20; // Windows' own
    private const int MaxBatch = 1000;
    private const int SmallestEnvelope = 8192;
    private const int EnvelopeOverhead = 2048;
    private const int DefaultAttempts = 5;

    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Delivery _delivery = request.Delivery;
    private readonly bool _batches = request.Delivery.Mode.Equals(DeliveryModes.Events, StringComparison.OrdinalIgnoreCase);
    private readonly bool _acknowledged = !request.Delivery.Mode.Equals(DeliveryModes.Push, StringComparison.OrdinalIgnoreCase);

    public async Task RunAsync()
    {
        await using var way = channel.ConfigureAwait(false);
        await using var events = new EventGathering(cursor, time);
        try
        {
            while (await NextAsync(events).ConfigureAwait(false))
            {
            }

            await table.CancelAsync(subscription, SubscriptionEnd.SourceCancelling, "The source has no more events.").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (subscription.Ended.IsCancellationRequested)
        {
            // It was ended from outside.
        }
        catch (DeliveryException e)
        {
            await table.CancelAsync(subscription, SubscriptionEnd.DeliveryFailure, e.Message).ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.DeliveryRefused.Code)
        {
            await table.RemoveAsync(subscription).ConfigureAwait(false);
        }
        catch (WSManFaultException e)
        {
            await table.CancelAsync(subscription, SubscriptionEnd.SourceCancelling, e.Fault.Message, e.Fault).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Nobody waits for this task: what is unexpected is for the log, and the subscriber hears of the end.
            Log.Unexpected(logger, Actions.Subscribe, subscription.ResourceUri, e);
            await table.CancelAsync(subscription, SubscriptionEnd.SourceCancelling, "The log of the source has the details.").ConfigureAwait(false);
        }
    }

    // One round; false at the end of the events.
    private async Task<bool> NextAsync(EventGathering events)
    {
        var most = _batches ? (int)Math.Clamp(_delivery.MaxElements ?? DefaultBatch, 1, MaxBatch) : 1;
        var heartbeat = _delivery.Heartbeats is { } h && h > TimeSpan.Zero ? (h < LongestWait ? h : LongestWait) : Timeout.InfiniteTimeSpan;
        var gathered = await events.NextAsync(most, Room(), heartbeat, _delivery.MaxTime ?? TimeSpan.Zero, subscription.Ended).ConfigureAwait(false); // 1 2
        if (gathered.Oversize > 0 && "CancelSubscription".Equals(_delivery.OversizePolicy, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.MaxEnvelopeSizeExceeded.Fault("an event is larger than MaxEnvelopeSize, and its policy is CancelSubscription.");
        }

        var dropped = "Skip".Equals(_delivery.OversizePolicy, StringComparison.OrdinalIgnoreCase) ? 0 : gathered.Oversize;
        if (gathered.Events.Count > 0 || dropped > 0)
        {
            await SendAsync(gathered, dropped).ConfigureAwait(false); // 3
            if (cursor is IEventCursor source)
            {
                await source.ArrivedAsync(gathered.Bookmark).ConfigureAwait(false); // 4
            }
        }
        else if (gathered is { IsEnd: false, Oversize: 0 })
        {
            await SendAsync(Headers(Actions.Heartbeat), EventBatch.Empty).ConfigureAwait(false);
        }

        return !gathered.IsEnd;
    }

    private Task SendAsync(GatheredEvents gathered, long dropped)
    {
        var bookmark = request.SendBookmarks ? gathered.Bookmark : null;
        if (_batches)
        {
            return SendAsync(Headers(Actions.Events) with { Bookmark = bookmark }, new EventBatch { Events = gathered.Events, Dropped = dropped, AsCData = asCData });
        }

        return gathered.Events is [var only]
            ? SendAsync(Headers(gathered.Action) with { Bookmark = bookmark }, new XmlBody(Encoding.UTF8.GetBytes(only)))
            : SendAsync(Headers(Actions.DroppedEvents), new EventBatch { Dropped = dropped });
    }

    private async Task SendAsync(MessageHeaders headers, IBody body)
    {
        var attempts = _delivery.RetryTotal > 0 ? _delivery.RetryTotal : DefaultAttempts;
        var interval = _delivery.RetryInterval is { } given && given > TimeSpan.Zero && given < LongestWait ? given : DefaultRetry;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryAsync(new Request(headers, body)).ConfigureAwait(false);
                return;
            }
            catch (DeliveryException e)
            {
                Log.NotDelivered(logger, subscription.Id, headers.To!, attempt, e);
                if (attempt == attempts)
                {
                    throw;
                }
            }

            await Task.Delay(interval, time, subscription.Ended).ConfigureAwait(false);
        }
    }

    private async Task TryAsync(Request message)
    {
        using var reply = await channel.SendAsync(message, subscription.Ended).ConfigureAwait(false);
        if (!_acknowledged || (reply is { Fault: null } && string.Equals(reply.Headers.Action, Actions.Ack, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        if (reply?.Fault is { } fault)
        {
            // A subscriber that speaks plain DSP0226 has no Windows code in its fault.
            throw fault.Subcode?.EndsWith(":DeliveryRefused", StringComparison.Ordinal) == true || fault.Code == FaultCatalog.DeliveryRefused.Code
                ? FaultCatalog.DeliveryRefused.Fault()
                : new DeliveryException($"{message.Headers.To} answered a fault: {fault.Message}");
        }

        throw new DeliveryException($"{message.Headers.To} did not acknowledge.");
    }

    private MessageHeaders Headers(string action) => table.Message(_delivery.NotifyTo!, action, Patience) with { AckRequested = _acknowledged };

    private int Room() => (int)Math.Clamp(_delivery.MaxEnvelopeSize ?? 512_000, SmallestEnvelope, 4 * 1024 * 1024) - EnvelopeOverhead;
}

using System.Collections.Concurrent;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Subscriptions;

/// <summary>The subscriptions that stand: at most so many, each with an owner and an end.</summary>
internal sealed class SubscriptionTable(Func<ServiceOptions> options, IDeliveryChannels? channels, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // Windows gives a subscriber half a second to hear of the end.
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Forever = TimeSpan.FromDays(49); // the longest that a timer waits

    private readonly ConcurrentDictionary<string, Subscription> _standing = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _standing.Count;

    /// <summary>Faults when there are as many as may be.</summary>
    public void RequireRoom()
    {
        if (_standing.Count >= options().MaxSubscriptions)
        {
            throw FaultCatalog.QuotaLimit.Fault($"{options().MaxSubscriptions} subscriptions stand; end some.");
        }
    }

    /// <summary>Puts a subscription into the table, until it ends or <paramref name="expires"/> is over; zero is for ever.</summary>
    public void Add(Subscription subscription, TimeSpan expires)
    {
        _standing[subscription.Id] = subscription;
        Renew(subscription, expires);
    }

    /// <summary>Finds a subscription. Somebody else's is as unknown as none.</summary>
    public Subscription Find(string? id, string caller) =>
        id is not null && _standing.TryGetValue(id, out var subscription) && subscription.Owner.Equals(caller, StringComparison.OrdinalIgnoreCase)
            ? subscription
            : throw FaultCatalog.InvalidEventingMessage.Fault(id is null ? "the header e:Identifier says which subscription is meant; it is missing." : $"there is no subscription '{id}'.");

    /// <summary>Lets it live for <paramref name="expires"/> from now; zero is for ever.</summary>
    public void Renew(Subscription subscription, TimeSpan expires)
    {
        subscription.Expiry?.Dispose();
        subscription.Expiry = expires == TimeSpan.Zero
            ? null
            : time.CreateTimer(s => _ = RemoveAsync((Subscription)s!).AsTask(), subscription, expires < Forever ? expires : Forever, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends a subscription without a word; nothing happens when it has ended.</summary>
    public async ValueTask RemoveAsync(Subscription subscription)
    {
        if (!_standing.TryRemove(subscription.Id, out _))
        {
            return;
        }

        try
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.SubscriptionNotClosed(logger, e);
        }
    }

    /// <summary>Ends a subscription on this side, and tells who wants to know why.</summary>
    /// <remarks>WS-Eventing, "Subscription End". Sent once: who subscribed can ask.</remarks>
    public async ValueTask CancelAsync(Subscription subscription, string status, string? reason, WSManFault? fault = null)
    {
        if (!_standing.ContainsKey(subscription.Id))
        {
            return;
        }

        await RemoveAsync(subscription).ConfigureAwait(false);
        Log.SubscriptionCancelled(logger, subscription.Id, subscription.ResourceUri, status, reason);
        if (subscription.EndTo is not { } endTo || channels is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            var end = new SubscriptionEnd(status) { SubscriptionManager = subscription.SubscriptionManager, Reason = reason, Fault = fault };
            await using var channel = channels.Open(endTo);
            using var reply = await channel.SendAsync(new Request(Message(endTo, Actions.SubscriptionEnd, EndPatience) with { AckRequested = true }, end), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DeliveryException or WSManFaultException or OperationCanceledException)
        {
            Log.EndNotTold(logger, subscription.Id, endTo.Address, e);
        }
    }

    /// <summary>The headers of a message to a subscriber.</summary>
    public MessageHeaders Message(EventingReference to, string action, TimeSpan timeout) => new()
    {
        To = to.Address,
        Action = action,
        MessageId = Uuid.Format(Guid.NewGuid()),
        ResourceUri = to.ResourceUri,
        MachineId = options().MachineName,
        Identifier = to.Identifier,
        ReferenceProperties = to.Properties,
        MaxEnvelopeSize = options().MaxEnvelopeBytes,
        OperationTimeout = timeout,
        Locale = "en-US",
        DataLocale = "en-US",
    };

    public async ValueTask DisposeAsync()
    {
        var ends = _standing.Values.Select(s => CancelAsync(s, SubscriptionEnd.SourceShuttingDown, "The service is stopping.").AsTask()).ToList();
        var deliveries = _standing.Values.Select(s => s.Delivery).ToList();
        await Task.WhenAll(ends).ConfigureAwait(false);
        await Task.WhenAll(deliveries).ConfigureAwait(false);
    }
}

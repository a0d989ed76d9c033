using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Enumeration;
using Farwire.Service.Resources;
using Microsoft.Extensions.Logging;

namespace Farwire.Service.Subscriptions;

/// <summary>Subscribe, Renew and Unsubscribe.</summary>
/// <remarks>WS-Eventing; DSP0226, "Subscribe", "Delivery modes".</remarks>
internal sealed class SubscriptionOperations(
    SubscriptionTable table, EnumerationTable enumerations, Func<ServiceOptions> options, IDeliveryChannels? channels, TimeProvider time, ILogger logger)
{
    private const string CDataOption = "CDATA";

    public async ValueTask<IBody> SubscribeAsync(OperationContext context, ISubscribeResource resource, BodyReader body)
    {
        var request = Subscribe.Read(body);
        table.RequireRoom();
        if (request.EndTo is { } endTo)
        {
            await using var way = Channels(request).Open(endTo); // an address that cannot be used is told now
        }

        var mode = request.Delivery.Mode;
        return mode.Equals(DeliveryModes.Pull, StringComparison.OrdinalIgnoreCase) ? await PullAsync(context, resource, request).ConfigureAwait(false)
            : IsPush(mode) ? await PushAsync(context, resource, request).ConfigureAwait(false)
            : throw FaultCatalog.DeliveryModeUnavailable.Fault($"'{mode}' is not served; '{DeliveryModes.Push}', '{DeliveryModes.PushWithAck}', '{DeliveryModes.Events}' and '{DeliveryModes.Pull}' are.");
    }

    public ValueTask<IBody> RenewAsync(OperationContext context, BodyReader body)
    {
        var request = Renew.Read(body);
        var subscription = table.Find(context.Headers.Identifier, context.Caller.Name);
        var expires = request.Expires ?? TimeSpan.Zero;
        table.Renew(subscription, expires);
        return ValueTask.FromResult<IBody>(new Renew(expires) { IsResponse = true });
    }

    public async ValueTask<IBody> UnsubscribeAsync(OperationContext context, BodyReader body)
    {
        _ = Unsubscribe.Read(body);
        await table.RemoveAsync(table.Find(context.Headers.Identifier, context.Caller.Name)).ConfigureAwait(false);
        return EmptyBody.Instance;
    }

    // The events wait in an enumeration that ends only with the subscription. Who does not pull for as long as an enumeration lives has left.
    private async ValueTask<IBody> PullAsync(OperationContext context, ISubscribeResource resource, Subscribe request)
    {
        Subscription? subscription = null;
        var cursor = new PulledCursor(
            await resource.SubscribeAsync(context, request).ConfigureAwait(false), request.SendBookmarks, () => subscription is null ? ValueTask.CompletedTask : table.RemoveAsync(subscription));
        var events = new EnumerationContext(cursor, EnumerationMode.Object, context.Caller.Name, options().EnumerationTimeout);
        subscription = New(context, request, () => enumerations.RemoveAsync(events), events.Id);
        try
        {
            enumerations.Add(events);
        }
        catch
        {
            await enumerations.RemoveAsync(events).ConfigureAwait(false);
            throw;
        }

        return Stand(subscription, request) with { EnumerationContext = events.Id };
    }

    private async ValueTask<IBody> PushAsync(OperationContext context, ISubscribeResource resource, Subscribe request)
    {
        var to = request.Delivery.NotifyTo ?? throw FaultCatalog.UnusableAddress.Fault("events that are pushed need e:NotifyTo.");
        var channel = Channels(request).Open(to);
        IEnumerationCursor cursor;
        try
        {
            cursor = await resource.SubscribeAsync(context, request).ConfigureAwait(false);
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var subscription = New(context, request, close: null, Uuid.Format(Guid.NewGuid()));
        var response = Stand(subscription, request);
        var asCData = context.Options.Find(CDataOption) is not null;
        subscription.Delivery = Task.Run(new EventDelivery(subscription, table, cursor, channel, request, asCData, time, logger).RunAsync, CancellationToken.None);
        return response;
    }

    private static bool IsPush(string mode) =>
        mode.Equals(DeliveryModes.Push, StringComparison.OrdinalIgnoreCase)
        || mode.Equals(DeliveryModes.PushWithAck, StringComparison.OrdinalIgnoreCase)
        || mode.Equals(DeliveryModes.Events, StringComparison.OrdinalIgnoreCase);

    private IDeliveryChannels Channels(Subscribe request) =>
        channels ?? throw FaultCatalog.DeliveryModeUnavailable.Fault($"this service sends nothing by itself, neither events ('{request.Delivery.Mode}') nor their end: events are pulled.");

    private static Subscription New(OperationContext context, Subscribe request, Func<ValueTask>? close, string id) => new()
    {
        Id = id,
        Owner = context.Caller.Name,
        ResourceUri = context.ResourceUri,
        EndTo = request.EndTo,
        Close = close,
        SubscriptionManager = new EventingReference(context.Headers.To ?? EndpointReference.Anonymous, id) { ResourceUri = context.ResourceUri },
    };

    private SubscribeResponse Stand(Subscription subscription, Subscribe request)
    {
        var expires = request.Expires ?? TimeSpan.Zero;
        table.Add(subscription, expires);
        return new SubscribeResponse(subscription.SubscriptionManager) { Expires = expires };
    }

    /// <summary>Events to be pulled: the subscription ends with them.</summary>
    private sealed class PulledCursor(IEnumerationCursor events, bool bookmarks, Func<ValueTask> ended) : IEventCursor
    {
        public string? Bookmark => bookmarks ? (events as IEventCursor)?.Bookmark : null;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => events.MoveNextAsync(cancellationToken);

        public void WriteObject(XmlUtf8Writer xml) => events.WriteObject(xml);

        public void WriteReference(XmlUtf8Writer xml) => events.WriteReference(xml);

        public async ValueTask DisposeAsync()
        {
            await events.DisposeAsync().ConfigureAwait(false);
            await ended().ConfigureAwait(false);
        }
    }
}

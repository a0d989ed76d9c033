using Farwire.Collector.Access;
using Farwire.Collector.Store;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Collector.Sources;

/// <summary>Takes what sources send for their subscriptions.</summary>
/// <remarks>
/// DSP0226, "Delivery modes"; MS-WSMV, "Event delivery". 1. Which subscription. 2. Whether this source may send for it. 3. Read. 4. Store; only when that has
/// ended well does the service acknowledge. A batch is never refused for what its events contain: it would come again and block the source.
/// </remarks>
internal sealed class DeliveryTarget(EventCollector collector) : IDeliveryTarget
{
    public bool Takes(string path) => path.StartsWith(EventCollector.SubscriptionsPath + "/", StringComparison.OrdinalIgnoreCase);

    public async ValueTask DeliverAsync(OperationContext context, BodyReader body)
    {
        var (subscription, source) = Find(context); // 1 2
        switch (context.Headers.Action) // 3
        {
            case Actions.SubscriptionEnd:
                End(context, source, subscription, SubscriptionEnd.Read(body));
                break;
            case Actions.Heartbeat:
                Heartbeat(context, source, subscription);
                break;
            case Actions.Events:
                await KeepAsync(context, source, subscription, EventBatch.Read(body)).ConfigureAwait(false); // 4
                break;
            default:
                await KeepAsync(context, source, subscription, One(context.Headers.Action!, body)).ConfigureAwait(false);
                break;
        }
    }

    // Where the collector began, the address itself says which source it is: nobody but that source was told it. It is not a name that others could take.
    private (SubscriptionDefinition Subscription, string Source) Find(OperationContext context)
    {
        var identifier = IdentifierOf(context, out var segment);
        if (collector.Initiated.Find(identifier) is { } link)
        {
            return SourceRules.NetworkRefusal(link.Subscription, context.Caller) is { } outside
                ? throw Refused(link.Source, link.Subscription, outside)
                : (link.Subscription, link.Source);
        }

        if (collector.Subscriptions.Find(identifier) is not { Type: SubscriptionType.SourceInitiated } subscription)
        {
            throw FaultCatalog.InvalidEventingMessage.Fault($"there is no subscription '{segment}'; ask for the subscriptions again.");
        }

        if (!subscription.Enabled || subscription.IsExpired(collector.Time.GetUtcNow()))
        {
            throw FaultCatalog.InvalidEventingMessage.Fault($"the subscription '{subscription.Id}' is disabled or has ended; ask for the subscriptions again.");
        }

        return SourceRules.Refusal(subscription, context.Caller, context.Access, out _) is { } refusal
            ? throw Refused(context.Caller.Name, subscription, refusal)
            : (subscription, context.Caller.Name);
    }

    private static Guid IdentifierOf(OperationContext context, out string segment)
    {
        segment = context.Path.Split('/')[1];
        if (!Guid.TryParse(segment, out var identifier))
        {
            throw FaultCatalog.InvalidEventingMessage.Fault($"there is no subscription '{segment}'; ask for the subscriptions again.");
        }

        return context.Headers.Identifier is { } named && (!Guid.TryParse(Plain(named), out var header) || header != identifier)
            ? throw FaultCatalog.InvalidEventingMessage.Fault($"e:Identifier is '{named}', but the message was sent to '{segment}'.")
            : identifier;
    }

    private WSManFaultException Refused(string source, SubscriptionDefinition subscription, string refusal)
    {
        Log.SourceRefused(collector.Logger, source, subscription.Id, refusal);
        return FaultCatalog.AccessDenied.Fault($"'{source}' may not send for this subscription: {refusal}.");
    }

    private static string Plain(string identifier) => identifier.StartsWith("uuid:", StringComparison.OrdinalIgnoreCase) ? identifier[5..] : identifier;

    // Push and PushWithAck bring a single event as the body's own element.
    private static EventBatch One(string action, BodyReader body)
    {
        if (!body.HasElement)
        {
            throw FaultCatalog.ActionNotSupported.Fault($"a delivery of '{action}' brings an event; this one is empty.");
        }

        return body.LocalName == "Events" && body.NamespaceUri == Namespaces.WSMan ? EventBatch.Read(body)
            : body.LocalName == "DroppedEvents" && body.NamespaceUri == Namespaces.WSMan ? new EventBatch { Dropped = long.TryParse(body.ReadText(), out var count) ? count : 1 }
            : new EventBatch { Events = [body.ReadOuterXml()] };
    }

    private async Task KeepAsync(OperationContext context, string source, SubscriptionDefinition subscription, EventBatch batch)
    {
        try
        {
            await collector.Intake.TakeAsync(new Delivered(source, subscription, batch.Events)
            {
                Bookmark = context.Headers.Bookmark,
                Dropped = batch.Dropped,
                MachineId = context.Headers.MachineId,
                Address = context.Caller.Address,
            }).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            throw new ServiceBusyException(e.Message, collector.Options.RetryAfter);
        }
    }

    private void Heartbeat(OperationContext context, string source, SubscriptionDefinition subscription)
    {
        var now = collector.Time.GetUtcNow().UtcDateTime;
        collector.Store.Note(source, subscription.Id, state => state with
        {
            MachineId = context.Headers.MachineId ?? state.MachineId,
            Address = context.Caller.Address,
            FirstSeen = state.FirstSeen ?? now,
            LastSeen = now,
            LastHeartbeat = now,
            LastErrorCode = 0,
            LastError = null,
            LastErrorTime = null,
        });
    }

    private void End(OperationContext context, string source, SubscriptionDefinition subscription, SubscriptionEnd end)
    {
        var code = end.Fault?.Code ?? 0;
        var status = end.Status[(end.Status.LastIndexOf('/') + 1)..];
        var text = $"{status}{(end.Reason is { } reason ? $": {reason}" : end.Fault is { } fault ? $": {fault.Message}" : "")}";
        Log.SubscriptionEnded(collector.Logger, source, subscription.Id, status, code);
        collector.Intake.Error(source, subscription.Id, code, text);
        collector.Initiated.Find(IdentifierOf(context, out _))?.End(code, text);
    }
}

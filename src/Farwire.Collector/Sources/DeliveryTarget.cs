using Farwire.Collector.Access;
using Farwire.Collector.Store;
using Farwire.Events.Records;
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
/// DSP0226, "Delivery modes"; MS-WSMV, "Event delivery". 1. Which subscription. 2. May this source send for it. 3. Read. 4. Store; only when that has
/// ended well does the service acknowledge. A batch is never refused for what its events contain: it would come again and block the source.
/// </remarks>
internal sealed class DeliveryTarget(EventCollector collector) : IDeliveryTarget
{
    public bool Takes(string path) => path.StartsWith(EventCollector.SubscriptionsPath + "/", StringComparison.OrdinalIgnoreCase);

    public async ValueTask DeliverAsync(OperationContext context, BodyReader body)
    {
        var subscription = Find(context); // 1
        var source = context.Caller.Name;
        if (SourceRules.Refusal(subscription, context.Caller, context.Access) is { } refusal) // 2
        {
            Log.SourceRefused(collector.Logger, source, subscription.Id, refusal);
            throw FaultCatalog.AccessDenied.Fault($"'{source}' may not send for this subscription: {refusal}.");
        }

        switch (context.Headers.Action) // 3
        {
            case Actions.SubscriptionEnd:
                End(source, subscription, SubscriptionEnd.Read(body));
                break;
            case Actions.Heartbeat:
                Heartbeat(context, source, subscription);
                break;
            case Actions.Events:
                await StoreAsync(context, subscription, EventBatch.Read(body)).ConfigureAwait(false); // 4
                break;
            default:
                await StoreAsync(context, subscription, One(context.Headers.Action!, body)).ConfigureAwait(false);
                break;
        }
    }

    private SubscriptionDefinition Find(OperationContext context)
    {
        var segment = context.Path.Split('/')[1];
        if (!Guid.TryParse(segment, out var identifier) || collector.Subscriptions.Find(identifier) is not { } subscription)
        {
            throw FaultCatalog.InvalidEventingMessage.Fault($"there is no subscription '{segment}'; ask for the subscriptions again.");
        }

        if (context.Headers.Identifier is { } named && (!Guid.TryParse(Plain(named), out var header) || header != identifier))
        {
            throw FaultCatalog.InvalidEventingMessage.Fault($"e:Identifier is '{named}', but the message was sent to '{segment}'.");
        }

        return subscription;
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

    private async Task StoreAsync(OperationContext context, SubscriptionDefinition subscription, EventBatch batch)
    {
        if (collector.Outputs.FirstOrDefault(output => output.IsBlocking) is { } behind)
        {
            throw new ServiceBusyException($"The output '{behind.Options.Name}' is {behind.Lag} events behind.", collector.Options.RetryAfter);
        }

        var source = context.Caller.Name;
        var records = new List<EventRecord>(batch.Events.Count);
        foreach (var xml in batch.Events)
        {
            var record = EventRecord.Read(xml);
            if (!record.IsBookmarkMarker)
            {
                records.Add(record);
            }
            else if (collector.Store.Source(source, subscription.Id)?.Bookmark is not null)
            {
                // Begun anew although it was told where to go on: what lies between may be lost.
                Log.BookmarkIgnored(collector.Logger, source, subscription.Id);
                Error(source, subscription.Id, 0, "The source began anew although its bookmark had been sent: events may be missing.");
            }
        }

        if (batch.Dropped > 0)
        {
            Log.EventsDropped(collector.Logger, source, subscription.Id, batch.Dropped);
        }

        try
        {
            await collector.Store.AppendAsync(new StoreBatch(source, subscription.Id, records)
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

    private void End(string source, SubscriptionDefinition subscription, SubscriptionEnd end)
    {
        var code = end.Fault?.Code ?? 0;
        var status = end.Status[(end.Status.LastIndexOf('/') + 1)..];
        Log.SubscriptionEnded(collector.Logger, source, subscription.Id, status, code);
        Error(source, subscription.Id, code, $"{status}{(end.Reason is { } reason ? $": {reason}" : end.Fault is { } fault ? $": {fault.Message}" : "")}");
    }

    private void Error(string source, string subscription, long code, string text)
    {
        var now = collector.Time.GetUtcNow().UtcDateTime;
        collector.Store.Note(source, subscription, state => state with { LastSeen = now, LastErrorCode = code, LastError = text, LastErrorTime = now });
    }
}

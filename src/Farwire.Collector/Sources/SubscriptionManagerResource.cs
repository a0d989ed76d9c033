using Farwire.Collector.Access;
using Farwire.Collector.Store;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Collector.Sources;

/// <summary>Answers a source that asks for its subscriptions.</summary>
/// <remarks>MS-WSMV, "SubscriptionManager". All of them come in one answer: a source that is told to pull the rest does, but only newer ones manage.</remarks>
internal sealed class SubscriptionManagerResource(EventCollector collector) : IEnumerateResource
{
    public async ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        var now = collector.Time.GetUtcNow();
        var items = new List<SubscriptionItem>();
        foreach (var subscription in collector.Subscriptions.Parts)
        {
            if (subscription.Type != SubscriptionType.SourceInitiated || !subscription.Enabled || subscription.IsExpired(now))
            {
                continue;
            }

            if (SourceRules.Refusal(subscription, context.Caller, context.Access, out var hasNameOnly) is { } refusal)
            {
                Log.SubscriptionWithheld(collector.Logger, context.Caller.Name, subscription.Id, refusal);
                continue;
            }

            if (hasNameOnly)
            {
                Log.NameStandsIn(collector.Logger, context.Caller.Name, subscription.Id);
            }

            var state = await StateAsync(context.Caller.Name, subscription.Id).ConfigureAwait(false);
            items.Add(SubscriptionMessage.For(subscription, DeliveryAddress(context, subscription), context.Caller, state));
            collector.Store.Note(context.Caller.Name, subscription.Id, known => known with
            {
                MachineId = context.Headers.MachineId ?? known.MachineId,
                Address = context.Caller.Address,
                FirstSeen = known.FirstSeen ?? now.UtcDateTime,
                LastSeen = now.UtcDateTime,
                LastEnumerate = now.UtcDateTime,
            });
        }

        return new Cursor(items);
    }

    private async ValueTask<SourceState?> StateAsync(string source, string subscription)
    {
        try
        {
            return await collector.Store.FetchAsync(source, subscription).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            throw new ServiceBusyException(e.Message, collector.Options.RetryAfter);
        }
    }

    // The names of certificates and tickets come from this address: it is the one that the source knows the collector by.
    private Uri DeliveryAddress(OperationContext context, SubscriptionDefinition subscription)
    {
        var address = collector.Options.PublicAddress;
        if (address is null)
        {
            if (!Uri.TryCreate(context.Headers.To, UriKind.Absolute, out var asked) || asked.Scheme is not ("http" or "https"))
            {
                throw FaultCatalog.InvalidHeader.Fault($"a:To must be the collector's own address, for deliveries go there; it is '{context.Headers.To}'.");
            }

            var path = asked.AbsolutePath;
            var end = path.IndexOf("/SubscriptionManager", StringComparison.OrdinalIgnoreCase);
            address = new Uri(asked, end < 0 ? path : path[..end]);
        }

        return EventCollector.Below(address, subscription, SubscriptionMessage.IdOf(subscription));
    }

    private sealed class Cursor(List<SubscriptionItem> items) : IEnumerationCursor
    {
        private int _at = -1;

        public long? TotalItems => items.Count;

        public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => ValueTask.FromResult(++_at < items.Count);

        public void WriteObject(XmlUtf8Writer xml) => items[_at].Write(xml);

        public void WriteReference(XmlUtf8Writer xml) =>
            throw FaultCatalog.EnumerationModeUnsupported.Fault("subscriptions have no references; enumerate objects.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

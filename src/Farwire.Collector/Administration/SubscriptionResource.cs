using System.Text;
using Farwire.Events;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Collector.Administration;

/// <summary>Subscriptions as resources: their representation is the XML of their schema. Passwords go in and never come out.</summary>
/// <remarks>Windows Event Collector, "Subscription schema".</remarks>
internal sealed class SubscriptionResource(EventCollector collector) : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource
{
    private const string Key = "SubscriptionId";

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult<IBody>(Body(Named(context)));

    public ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var before = Named(context);
        var after = Read(representation);
        if (!after.Id.Equals(before.Id, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidXmlValues.Fault($"the name of a subscription cannot be changed from '{before.Id}' to '{after.Id}'.");
        }

        collector.Subscriptions.Put(KeepPasswords(before, after));
        return ValueTask.FromResult<IBody>(Body(collector.Subscriptions.Find(after.Id)!));
    }

    public ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        var subscription = Read(representation);
        if (collector.Subscriptions.Find(subscription.Id) is not null)
        {
            throw FaultCatalog.AlreadyExists.Fault($"there is a subscription '{subscription.Id}' already.");
        }

        collector.Subscriptions.Put(subscription);
        return ValueTask.FromResult(context.Reference(SelectorSet.Of((Key, subscription.Id))));
    }

    public ValueTask DeleteAsync(OperationContext context)
    {
        var subscription = Named(context);
        try
        {
            collector.Subscriptions.Remove(subscription.Id);
            return ValueTask.CompletedTask;
        }
        catch (InvalidOperationException e)
        {
            throw FaultCatalog.NotSupported.Fault(e.Message);
        }
    }

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        if (request.Filter is not null)
        {
            throw FaultCatalog.EnumerationFilteringNotSupported.Fault("subscriptions are few; list them all.");
        }

        return ValueTask.FromResult<IEnumerationCursor>(new ListCursor<SubscriptionDefinition>(
            collector.Subscriptions.All.ToAsyncEnumerable(),
            static (xml, subscription) => Body(subscription).Write(xml),
            static (xml, subscription) => new EndpointReference { ResourceUri = CollectorUris.Subscription, Selectors = SelectorSet.Of((Key, subscription.Id)) }.Write(xml)));
    }

    // Whoever changes a subscription has read it without its passwords: what is not given anew stays.
    private static SubscriptionDefinition KeepPasswords(SubscriptionDefinition before, SubscriptionDefinition after) => after with
    {
        CommonPassword = after.CommonPassword ?? (after.CommonUserName == before.CommonUserName ? before.CommonPassword : null),
        EventSources =
        [
            .. after.EventSources.Select(source => source.Password is null
                && before.EventSources.FirstOrDefault(s => s.Address.Equals(source.Address, StringComparison.OrdinalIgnoreCase)) is { } known
                && known.UserName == source.UserName
                    ? source with { Password = known.Password }
                    : source),
        ],
    };

    private static XmlBody Body(SubscriptionDefinition subscription) => new(Encoding.UTF8.GetBytes(SubscriptionWriter.Write(subscription)));

    private static SubscriptionDefinition Read(BodyReader representation)
    {
        if (!representation.HasElement)
        {
            throw FaultCatalog.InvalidXmlMissingValues.Fault("the message brings no subscription.");
        }

        try
        {
            return SubscriptionReader.Read(representation.ReadOuterXml());
        }
        catch (SubscriptionFormatException e)
        {
            throw FaultCatalog.InvalidXmlValues.Fault(e.Message);
        }
    }

    private SubscriptionDefinition Named(OperationContext context)
    {
        var id = context.RequireSelector(Key);
        return collector.Subscriptions.Find(id) ?? throw FaultCatalog.FileNotFound.Fault($"there is no subscription '{id}'.");
    }
}

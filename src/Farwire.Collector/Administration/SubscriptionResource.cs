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
internal sealed class SubscriptionResource(EventCollector collector) : IGetResource, IPutResource, ICreateResource, IDeleteResource, IEnumerateResource, IInvokeResource
{
    private const string Key = "SubscriptionId";

    public ValueTask<IBody> GetAsync(OperationContext context) => ValueTask.FromResult<IBody>(Body(Named(context)));

    public async ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation)
    {
        var before = Named(context);
        var after = Read(representation);
        if (!after.Id.Equals(before.Id, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidXmlValues.Fault($"the name of a subscription cannot be changed from '{before.Id}' to '{after.Id}'.");
        }

        await collector.PutAsync(after).ConfigureAwait(false);
        return Body(collector.Subscriptions.Find(after.Id)!);
    }

    public async ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation)
    {
        var subscription = Read(representation);
        if (collector.Subscriptions.Find(subscription.Id) is not null)
        {
            throw FaultCatalog.AlreadyExists.Fault($"there is a subscription '{subscription.Id}' already.");
        }

        await collector.PutAsync(subscription).ConfigureAwait(false);
        return context.Reference(SelectorSet.Of((Key, subscription.Id)));
    }

    public async ValueTask DeleteAsync(OperationContext context)
    {
        try
        {
            await collector.RemoveAsync(Named(context).Id).ConfigureAwait(false);
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

    // <f:Retry_INPUT><f:Source/>*</f:Retry_INPUT>
    public ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input)
    {
        if (method != CollectorUris.Retry)
        {
            throw FaultCatalog.InvalidActionUri.Fault($"a subscription has the method {CollectorUris.Retry}, and no '{method}'.");
        }

        var subscription = Named(context);
        var sources = new List<string>();
        if (input.HasElement)
        {
            input.Enter($"{CollectorUris.Retry}_INPUT", CollectorUris.Subscription);
            while (input.NextChild())
            {
                sources.Add(input.ReadText());
            }
        }

        if (sources.Find(name => !subscription.EventSources.Any(source => source.Address.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } missing)
        {
            throw FaultCatalog.FileNotFound.Fault($"'{missing}' is not a source of '{subscription.Id}'.");
        }

        collector.Initiated.Retry(subscription, sources);
        return ValueTask.FromResult<IBody>(new XmlBody(Encoding.UTF8.GetBytes($"<f:{CollectorUris.Retry}_OUTPUT xmlns:f=\"{CollectorUris.Subscription}\"/>")));
    }

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

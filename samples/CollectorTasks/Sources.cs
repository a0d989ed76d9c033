using Farwire.Collector.Ec;

namespace CollectorTasks;

/// <summary>"Adding an Event Source to an Event Collector Subscription", and taking one away.</summary>
internal static class Sources
{
    public static async Task AddAsync(EcCollector collector, string name, string source)
    {
        using var subscription = await collector.OpenSubscriptionAsync(name, EcAccess.Read | EcAccess.Write, EcOpen.OpenExisting);
        Add(subscription, source);
        await subscription.SaveAsync();
    }

    public static async Task RemoveAsync(EcCollector collector, string name, string source)
    {
        using var subscription = await collector.OpenSubscriptionAsync(name, EcAccess.Read | EcAccess.Write, EcOpen.OpenExisting);
        var sources = subscription[EcPropertyId.EventSources].AsObjectArray();
        for (var i = 0; i < sources.Size; i++)
        {
            if (sources.GetProperty(EcPropertyId.EventSourceAddress, i).AsString() == source)
            {
                sources.Remove(i);
                await subscription.SaveAsync();
                return;
            }
        }

        throw new EcException(EcException.FileNotFound, $"'{source}' is not a source of '{name}'.");
    }

    public static void Add(EcSubscription subscription, string source)
    {
        var sources = subscription[EcPropertyId.EventSources].AsObjectArray();
        var index = sources.Size;
        sources.Insert(index);
        sources.SetProperty(EcPropertyId.EventSourceAddress, index, EcVariant.Of(source));
        sources.SetProperty(EcPropertyId.EventSourceEnabled, index, EcVariant.Of(true));
    }
}

using Farwire.Collector.Ec;

namespace CollectorTasks;

/// <summary>"Listing Event Collector Subscriptions", "Displaying the Properties …" and "Retrieving the Run-time Status …".</summary>
internal static class Showing
{
    public static async Task ListAsync(EcCollector collector)
    {
        using var names = await collector.OpenSubscriptionEnumAsync();
        while (names.Next() is { } name)
        {
            Console.WriteLine(name);
        }
    }

    public static async Task DisplayAsync(EcCollector collector, string name)
    {
        using var subscription = await collector.OpenSubscriptionAsync(name, EcAccess.Read, EcOpen.OpenExisting);
        foreach (var property in Enum.GetValues<EcPropertyId>())
        {
            switch (property)
            {
                case EcPropertyId.EventSources:
                    var sources = subscription[property].AsObjectArray();
                    for (var i = 0; i < sources.Size; i++)
                    {
                        Console.WriteLine($"EventSource[{i}]: {sources.GetProperty(EcPropertyId.EventSourceAddress, i)}, enabled: {sources.GetProperty(EcPropertyId.EventSourceEnabled, i)}");
                    }

                    break;
                case EcPropertyId.EventSourceAddress or EcPropertyId.EventSourceEnabled or EcPropertyId.EventSourceUserName or EcPropertyId.EventSourcePassword:
                    break; // those of the sources
                default:
                    var value = subscription[property];
                    Console.WriteLine($"{property} ({value.Type}): {value}");
                    break;
            }
        }
    }

    public static async Task StatusAsync(EcCollector collector, string name)
    {
        string[] words = ["", "Disabled", "Active", "Inactive", "Trying"];
        Console.WriteLine($"{name}: {words[(await collector.GetSubscriptionRunTimeStatusAsync(name, EcStatusId.Active)).AsUInt32()]}");
        foreach (var source in (await collector.GetSubscriptionRunTimeStatusAsync(name, EcStatusId.EventSources)).AsStrings())
        {
            var active = (await collector.GetSubscriptionRunTimeStatusAsync(name, EcStatusId.Active, source)).AsUInt32();
            Console.WriteLine($"  {source}: {words[active]}");
            foreach (var status in new[] { EcStatusId.LastError, EcStatusId.LastErrorMessage, EcStatusId.LastErrorTime, EcStatusId.NextRetryTime, EcStatusId.LastHeartbeatTime })
            {
                var value = await collector.GetSubscriptionRunTimeStatusAsync(name, status, source);
                if (value.Type != EcVariantType.Null)
                {
                    Console.WriteLine($"    {status} = {value}");
                }
            }
        }
    }
}

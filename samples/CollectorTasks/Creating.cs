using Farwire.Collector.Ec;
using Farwire.Events.Subscriptions;

namespace CollectorTasks;

/// <summary>"Creating an Event Collector Subscription" and "Setting up a Source Initiated Subscription".</summary>
internal static class Creating
{
    private const string Query = "<QueryList><Query Path=\"Application\"><Select>*[System[Level=1 or Level=2]]</Select></Query></QueryList>";

    public static async Task CollectorInitiatedAsync(EcCollector collector, string name, string source, uint port)
    {
        using var subscription = await collector.OpenSubscriptionAsync(name, EcAccess.Read | EcAccess.Write, EcOpen.CreateNew);
        subscription[EcPropertyId.Type] = EcVariant.Of((uint)SubscriptionType.CollectorInitiated);
        subscription[EcPropertyId.Description] = EcVariant.Of("Errors of applications");
        subscription[EcPropertyId.Uri] = EcVariant.Of("http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog");
        subscription[EcPropertyId.Query] = EcVariant.Of(Query);
        subscription[EcPropertyId.LogFile] = EcVariant.Of("ForwardedEvents");
        subscription[EcPropertyId.ConfigurationMode] = EcVariant.Of((uint)ConfigurationMode.Custom);
        subscription[EcPropertyId.DeliveryMode] = EcVariant.Of((uint)DeliveryMode.Pull);
        subscription[EcPropertyId.DeliveryMaxItems] = EcVariant.Of(5u);
        subscription[EcPropertyId.DeliveryMaxLatencyTime] = EcVariant.Of(1000u);
        subscription[EcPropertyId.HeartbeatInterval] = EcVariant.Of(10_000u);
        subscription[EcPropertyId.ContentFormat] = EcVariant.Of((uint)ContentFormat.Events);
        subscription[EcPropertyId.TransportName] = EcVariant.Of("http");
        subscription[EcPropertyId.TransportPort] = EcVariant.Of(port);
        subscription[EcPropertyId.CredentialsType] = EcVariant.Of((uint)CredentialsType.Basic);
        subscription[EcPropertyId.CommonUserName] = EcVariant.Of("collector");
        subscription[EcPropertyId.CommonPassword] = EcVariant.Of("secret");
        subscription[EcPropertyId.Enabled] = EcVariant.Of(true);
        Sources.Add(subscription, source);
        await subscription.SaveAsync(); // until here nothing was stored
    }

    public static async Task SourceInitiatedAsync(EcCollector collector, string name)
    {
        using var subscription = await collector.OpenSubscriptionAsync(name, EcAccess.Read | EcAccess.Write, EcOpen.CreateNew);
        subscription[EcPropertyId.Type] = EcVariant.Of((uint)SubscriptionType.SourceInitiated);
        subscription[EcPropertyId.Description] = EcVariant.Of("Errors of applications, from whom policy sends");
        subscription[EcPropertyId.Query] = EcVariant.Of(Query);
        subscription[EcPropertyId.ConfigurationMode] = EcVariant.Of((uint)ConfigurationMode.MinLatency);
        subscription[EcPropertyId.AllowedSourceDomainComputers] = EcVariant.Of("O:NSG:NSD:(A;;GA;;;DC)(A;;GA;;;NS)");
        subscription[EcPropertyId.AllowedIssuerCAs] = EcVariant.Of(["00112233445566778899AABBCCDDEEFF00112233"]);
        subscription[EcPropertyId.AllowedSubjects] = EcVariant.Of(["*.example.org"]);
        subscription[EcPropertyId.DeniedSubjects] = EcVariant.Of(["guest.example.org"]);
        await subscription.SaveAsync();
    }
}

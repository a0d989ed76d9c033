namespace Farwire.Events.Subscriptions;

/// <summary>How events travel, once the mode has been applied.</summary>
/// <param name="Mode">Who carries them.</param>
/// <param name="MaxItems">Events in a batch; null leaves it to the source.</param>
/// <param name="MaxLatency">How old the first event of a batch may grow.</param>
/// <param name="Heartbeat">How long a source may be silent.</param>
/// <remarks>
/// Windows Event Collector, "Configuring the subscription". What Normal, MinLatency and MinBandwidth mean; only Custom takes the definition's own
/// numbers, and Normal's where it has none. A source that asks by itself is always pushed from, whatever Normal says of the collector's side.
/// </remarks>
public sealed record DeliverySettings(DeliveryMode Mode, int? MaxItems, TimeSpan MaxLatency, TimeSpan Heartbeat)
{
    /// <summary>The settings that are in force for a subscription.</summary>
    public static DeliverySettings Of(SubscriptionDefinition subscription) => subscription.ConfigurationMode switch
    {
        ConfigurationMode.MinLatency => new(DeliveryMode.Push, null, TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)),
        ConfigurationMode.MinBandwidth => new(DeliveryMode.Push, null, TimeSpan.FromHours(6), TimeSpan.FromHours(6)),
        ConfigurationMode.Custom => new(
            subscription.DeliveryMode ?? Normal(subscription).Mode,
            subscription.MaxItems,
            subscription.MaxLatency ?? Normal(subscription).MaxLatency,
            subscription.HeartbeatInterval ?? Normal(subscription).Heartbeat),
        _ => Normal(subscription),
    };

    private static DeliverySettings Normal(SubscriptionDefinition subscription) => new(
        subscription.Type == SubscriptionType.SourceInitiated ? DeliveryMode.Push : DeliveryMode.Pull,
        5,
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(15));
}

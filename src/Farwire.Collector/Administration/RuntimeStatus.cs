using Farwire.Collector.Store;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Administration;

/// <summary>How a subscription or one of its sources fares.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_RUNTIME_STATUS_ACTIVE_STATUS".</remarks>
public enum ActiveStatus
{
    /// <summary>Switched off.</summary>
    Disabled = 1,

    /// <summary>Events or heartbeats come.</summary>
    Active = 2,

    /// <summary>Nothing came for longer than a heartbeat's time.</summary>
    Inactive = 3,

    /// <summary>The collector tries to reach it.</summary>
    Trying = 4,
}

/// <summary>Works out statuses from what is known.</summary>
internal static class RuntimeStatus
{
    public static ActiveStatus Of(SubscriptionDefinition subscription, DateTimeOffset now) =>
        subscription.Enabled && !subscription.IsExpired(now) ? ActiveStatus.Active : ActiveStatus.Disabled;

    public static ActiveStatus Of(SubscriptionDefinition subscription, SourceState state, DateTimeOffset now)
    {
        if (subscription.EventSources.FirstOrDefault(s => s.Address.Equals(state.Source, StringComparison.OrdinalIgnoreCase)) is { Enabled: false })
        {
            return ActiveStatus.Disabled;
        }

        if (Of(subscription, now) == ActiveStatus.Disabled)
        {
            return ActiveStatus.Inactive;
        }

        if (state.NextRetry is not null)
        {
            return ActiveStatus.Trying;
        }

        // The heartbeat's time, and a minute for its way.
        var patience = DeliverySettings.Of(subscription).Heartbeat + TimeSpan.FromMinutes(1);
        return state.LastSeen is { } seen && now.UtcDateTime - seen <= patience ? ActiveStatus.Active : ActiveStatus.Inactive;
    }
}

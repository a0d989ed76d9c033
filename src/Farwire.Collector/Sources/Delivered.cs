using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Sources;

/// <summary>What a source brought, or what was pulled from it: events as they came.</summary>
/// <param name="Source">The name that the collector knows the source by.</param>
/// <param name="Subscription">The subscription, or the part of one.</param>
/// <param name="Events">The events as XML.</param>
internal sealed record Delivered(string Source, SubscriptionDefinition Subscription, IReadOnlyList<string> Events)
{
    /// <summary>Where the source continues after them.</summary>
    public string? Bookmark { get; init; }

    /// <summary>Events that the source had to drop.</summary>
    public long Dropped { get; init; }

    /// <summary>The name that the machine gives itself.</summary>
    public string? MachineId { get; init; }

    /// <summary>Where it came from.</summary>
    public string? Address { get; init; }
}

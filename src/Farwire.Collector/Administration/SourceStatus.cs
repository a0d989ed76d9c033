using Farwire.Collector.Store;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Administration;

/// <summary>A source in a subscription, and how it fares.</summary>
/// <param name="State">What is known of it.</param>
/// <param name="Status">How it fares.</param>
public sealed record SourceStatus(SourceState State, ActiveStatus Status)
{
    internal static IEnumerable<SourceStatus> All(IReadOnlyList<SubscriptionDefinition> subscriptions, IReadOnlyCollection<SourceState> states, DateTimeOffset now)
    {
        var byId = subscriptions.ToDictionary(subscription => subscription.Id, StringComparer.OrdinalIgnoreCase);
        var known = states.Where(state => byId.ContainsKey(state.Subscription)).ToList();
        var names = known.Select(state => (state.Source, state.Subscription)).ToHashSet(SourceKey.Comparer);
        var listed = subscriptions.SelectMany(subscription => subscription.EventSources.Select(source => new SourceState(source.Address, subscription.Id)))
            .Where(state => !names.Contains((state.Source, state.Subscription)));
        return known.Concat(listed)
            .OrderBy(state => state.Subscription, StringComparer.OrdinalIgnoreCase).ThenBy(state => state.Source, StringComparer.OrdinalIgnoreCase)
            .Select(state => new SourceStatus(state, RuntimeStatus.Of(byId[state.Subscription], state, now)));
    }
}

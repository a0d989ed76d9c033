namespace Farwire.Collector.Store;

/// <summary>A source in a subscription, by their names; case does not count.</summary>
internal static class SourceKey
{
    public static IEqualityComparer<(string Source, string Subscription)> Comparer { get; } = EqualityComparer<(string Source, string Subscription)>.Create(
        static (a, b) => string.Equals(a.Source, b.Source, StringComparison.OrdinalIgnoreCase) && string.Equals(a.Subscription, b.Subscription, StringComparison.OrdinalIgnoreCase),
        static key => HashCode.Combine(key.Source.GetHashCode(StringComparison.OrdinalIgnoreCase), key.Subscription.GetHashCode(StringComparison.OrdinalIgnoreCase)));
}

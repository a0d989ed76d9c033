using Farwire.Collector.Store;

namespace Farwire.Collector;

/// <summary>Where a collector keeps its things, and how sources reach it.</summary>
public sealed record CollectorOptions
{
    /// <summary>The folder of the store and of subscriptions that commands made.</summary>
    public required string Folder { get; init; }

    /// <summary>Folders of subscription files that people write.</summary>
    public IReadOnlyList<string> SubscriptionFolders { get; init; } = [];

    /// <summary>
    /// The address that sources are told to deliver to, such as <c>https://wec.corp.example:5986/wsman</c>. Null takes the one they asked at, which is
    /// right unless something between rewrites it.
    /// </summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>How long a source that could not be served shall wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often files of subscriptions are looked at for changes, and old events removed.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the store keeps.</summary>
    public EventStoreOptions Store { get; init; } = new();
}

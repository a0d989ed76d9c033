using Farwire.Collector.Initiated;
using Farwire.Collector.Nodes;
using Farwire.Collector.Store;
using Farwire.Security.Accounts;

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

    /// <summary>The database that this collector shares with others; null has everything in <see cref="Folder"/>.</summary>
    public NodeOptions? Nodes { get; init; }

    /// <summary>Seals the passwords of subscriptions that commands made; without one they lie as they are, in files that their owner alone may read.</summary>
    public SecretKey? Key { get; init; }

    /// <summary>How long a source that could not be served shall wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first wait before a source that could not be reached is tried again; doubled with each.</summary>
    public TimeSpan MinRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest such wait; Windows always waits as long.</summary>
    public TimeSpan MaxRetry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How much later than due a heartbeat may come.</summary>
    public TimeSpan HeartbeatGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What holds for the connections that the collector makes to sources.</summary>
    public SourceConnectionOptions Sources { get; init; } = new();

    /// <summary>How often files of subscriptions are looked at for changes, and old events removed.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the store keeps.</summary>
    public EventStoreOptions Store { get; init; } = new();
}

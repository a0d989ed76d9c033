using Farwire.Service.Access;

namespace Farwire.Service.Dispatch;

/// <summary>The limits and the name plate of a service. Immutable: a change swaps the whole.</summary>
/// <remarks>MS-WSMV, "Abstract data model" of the configuration; the defaults are those of Windows Server 2012 and later.</remarks>
public sealed record ServiceOptions
{
    /// <summary>The largest envelope, both ways (MaxEnvelopeSizekb = 500).</summary>
    public int MaxEnvelopeBytes { get; init; } = 500 * 1024;

    /// <summary>
    /// The largest delivery of events, once it is unpacked and in UTF-8. A source's own limit is 512,000 bytes before that, and text may grow.
    /// </summary>
    public int MaxDeliveryBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Default and cap of an operation's time (MaxTimeoutms = 60000); Pull has its own.</summary>
    public TimeSpan MaxTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The most items in one batch (MaxBatchItems).</summary>
    public int MaxBatchItems { get; init; } = 32_000;

    /// <summary>How long an enumeration lives between two Pulls (EnumerationTimeoutms).</summary>
    public TimeSpan EnumerationTimeout { get; init; } = TimeSpan.FromMilliseconds(240_000);

    /// <summary>Enumerations that may be open at once, for all callers.</summary>
    public int MaxEnumerations { get; init; } = 10_000;

    /// <summary>Subscriptions that may stand at once, for all callers.</summary>
    public int MaxSubscriptions { get; init; } = 1000;

    /// <summary>How long an operation with an id, or its answer, waits for a client whose connection broke; clients try for 185 seconds at most.</summary>
    public TimeSpan RobustRetryTime { get; init; } = TimeSpan.FromSeconds(195);

    /// <summary>Operations with an id that are kept at once, for all callers.</summary>
    public int MaxRobustOperations { get; init; } = 20_000;

    /// <summary>Bytes of their answers.</summary>
    public long MaxRobustReplyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Requests under way that one caller may have (MaxConcurrentOperationsPerUser).</summary>
    public int MaxConcurrentOperationsPerUser { get; init; } = 1500;

    /// <summary>Requests under way at once, for all callers (MaxConnections); a host that counts them elsewhere sets no limit here.</summary>
    public int MaxRequests { get; init; } = int.MaxValue;

    /// <summary>How long a subscription lives between two Pulls; null is as long as an enumeration.</summary>
    public TimeSpan? SubscriptionTimeout { get; init; }

    /// <summary><see cref="MaxTimeout"/> is the cap of Pull as well.</summary>
    public bool CapsPull { get; init; }

    /// <summary>The host's own decision about each operation; null has none.</summary>
    public IOperationGate? Gate { get; init; }

    /// <summary>Who may do what.</summary>
    public AccessPolicy Access { get; init; } = AccessPolicy.Default;

    /// <summary>The name a fault gives the machine.</summary>
    public string MachineName { get; init; } = Environment.MachineName;

    /// <summary>Who made the service, as Identify says.</summary>
    public string ProductVendor { get; init; } = "Farwire";

    /// <summary>The operating system's version and the protocol stack's, as Identify tells them to callers it knows.</summary>
    public string ProductVersion { get; init; } = "OS: 0.0.0 SP: 0.0 Stack: 3.0";

    /// <summary>What Identify tells callers it does not know: nothing about the system.</summary>
    public const string MaskedProductVersion = "OS: 0.0.0 SP: 0.0 Stack: 3.0";

    /// <summary>The authentication profiles on offer, as Identify names them.</summary>
    public IReadOnlyList<string> SecurityProfiles { get; init; } = [];
}

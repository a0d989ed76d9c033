using Farwire.Protocol.Names;

namespace Farwire.Events.Subscriptions;

/// <summary>A subscription as its owner wrote it. Null means: not said.</summary>
/// <remarks>Windows Event Collector, "Subscription schema". Immutable: a change makes a new one.</remarks>
public sealed record SubscriptionDefinition
{
    /// <summary>Who may send when a source-initiated subscription says nothing: domain computers and the network service.</summary>
    public const string DefaultSourceSddl = "O:NSG:NSD:(A;;GA;;;DC)(A;;GA;;;NS)";

    /// <summary>The last moment that <see cref="Expires"/> may name.</summary>
    public static readonly DateTime LastExpiry = new(3000, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc);

    /// <summary>The name; compared without regard to case.</summary>
    public required string Id { get; init; }

    /// <summary>The subscription that this one is a companion of: it carries channels that were added later. Null is one of its own.</summary>
    public string? CompanionOf { get; init; }

    /// <summary>Who begins.</summary>
    public SubscriptionType Type { get; init; } = SubscriptionType.CollectorInitiated;

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>It is served.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The resource that events come from.</summary>
    public string Uri { get; init; } = ResourceUris.EventLog;

    /// <summary>What delivery is tuned for.</summary>
    public ConfigurationMode ConfigurationMode { get; init; }

    /// <summary>Who carries the events; counts with <see cref="ConfigurationMode.Custom"/> only.</summary>
    public DeliveryMode? DeliveryMode { get; init; }

    /// <summary>Events in a batch; counts with <see cref="ConfigurationMode.Custom"/> only.</summary>
    public int? MaxItems { get; init; }

    /// <summary>The age of a batch; counts with <see cref="ConfigurationMode.Custom"/> only.</summary>
    public TimeSpan? MaxLatency { get; init; }

    /// <summary>How long a source may be silent; counts with <see cref="ConfigurationMode.Custom"/> only.</summary>
    public TimeSpan? HeartbeatInterval { get; init; }

    /// <summary>The name by which sources reach the collector.</summary>
    public string? HostName { get; init; }

    /// <summary>When it ends.</summary>
    public DateTime? Expires { get; init; }

    /// <summary>The QueryList.</summary>
    public string Query { get; init; } = "";

    /// <summary>The language of <see cref="Query"/>.</summary>
    public string Dialect { get; init; } = Dialects.EventQuery;

    /// <summary>Events from before the subscription are wanted too.</summary>
    public bool ReadExistingEvents { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string TransportName { get; init; } = "http";

    /// <summary>The port; null is the transport's own, 5985 or 5986.</summary>
    public int? TransportPort { get; init; }

    /// <summary>With or without rendered texts.</summary>
    public ContentFormat ContentFormat { get; init; } = ContentFormat.RenderedText;

    /// <summary>The language of rendered texts.</summary>
    public string? Locale { get; init; }

    /// <summary>The log that events go to.</summary>
    public string LogFile { get; init; } = "ForwardedEvents";

    /// <summary>The publisher that owns <see cref="LogFile"/>.</summary>
    public string PublisherName { get; init; } = "Microsoft-Windows-EventCollector";

    /// <summary>How the collector proves itself.</summary>
    public CredentialsType CredentialsType { get; init; }

    /// <summary>Farwire's own: the port is part of a source's name in Kerberos, as with several services behind one address.</summary>
    public bool UseSpnPort { get; init; }

    /// <summary>The user for all sources that name none.</summary>
    public string? CommonUserName { get; init; }

    /// <summary>The password of <see cref="CommonUserName"/>; never shown again.</summary>
    public string? CommonPassword { get; init; }

    /// <summary>The sources of a collector-initiated subscription.</summary>
    public IReadOnlyList<EventSource> EventSources { get; init; } = [];

    /// <summary>Which domain computers may send, as SDDL.</summary>
    public string? AllowedSourceDomainComputers { get; init; }

    /// <summary>SHA-1 thumbprints of the authorities whose certificates may send.</summary>
    public IReadOnlyList<string> AllowedIssuerCAs { get; init; } = [];

    /// <summary>DNS names that may send with a certificate; <c>*</c> stands for anything.</summary>
    public IReadOnlyList<string> AllowedSubjects { get; init; } = [];

    /// <summary>DNS names that may not; asked first.</summary>
    public IReadOnlyList<string> DeniedSubjects { get; init; } = [];

    /// <summary>Farwire's own: names of authenticated users that may send; <c>*</c> stands for anything.</summary>
    public IReadOnlyList<string> AllowedPrincipals { get; init; } = [];

    /// <summary>Farwire's own: networks that sources must be in, such as <c>10.0.0.0/8</c>; none means anywhere.</summary>
    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>The SDDL in force: the default when no rule about sources is there at all.</summary>
    public string? EffectiveSourceSddl =>
        AllowedSourceDomainComputers
        ?? (AllowedIssuerCAs.Count + AllowedSubjects.Count + DeniedSubjects.Count + AllowedPrincipals.Count == 0 ? DefaultSourceSddl : null);

    /// <summary>The port in force.</summary>
    public int EffectivePort => TransportPort ?? (TransportName.Equals("https", StringComparison.OrdinalIgnoreCase) ? 5986 : 5985);

    /// <summary>This subscription with the passwords of the one before: whoever changes it has read it without them, and what is not given anew stays.</summary>
    public SubscriptionDefinition WithPasswordsOf(SubscriptionDefinition before) => this with
    {
        CommonPassword = CommonPassword ?? (CommonUserName == before.CommonUserName ? before.CommonPassword : null),
        EventSources =
        [
            .. EventSources.Select(source => source.Password is null
                && before.EventSources.FirstOrDefault(known => known.Address.Equals(source.Address, StringComparison.OrdinalIgnoreCase)) is { } known
                && known.UserName == source.UserName
                    ? source with { Password = known.Password }
                    : source),
        ],
    };

    /// <summary>True when it has ended.</summary>
    public bool IsExpired(DateTimeOffset now) => Expires is { } end && end <= now.UtcDateTime;
}

/// <summary>A source that the collector subscribes at.</summary>
/// <param name="Address">Its host name or address.</param>
public sealed record EventSource(string Address)
{
    /// <summary>It is served.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The user at this source, when it is not the common one.</summary>
    public string? UserName { get; init; }

    /// <summary>The password of <see cref="UserName"/>; never shown again.</summary>
    public string? Password { get; init; }
}

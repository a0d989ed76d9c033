namespace Farwire.Collector.Ec;

/// <summary>What a handle to a subscription is for.</summary>
/// <remarks>Windows Event Collector, "EcOpenSubscription", <c>AccessMask</c>.</remarks>
[Flags]
public enum EcAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Properties are read.</summary>
    Read = 1,

    /// <summary>Properties are changed and saved.</summary>
    Write = 2,
}

/// <summary>Whether a subscription must exist, or must not.</summary>
/// <remarks>Windows Event Collector, "EcOpenSubscription", <c>Flags</c>.</remarks>
public enum EcOpen
{
    /// <summary>An existing one is opened, else a new one begun.</summary>
    Always = 0,

    /// <summary>A new one is begun; an existing one is an error.</summary>
    CreateNew = 1,

    /// <summary>An existing one is opened; a missing one is an error.</summary>
    OpenExisting = 2,
}

/// <summary>The properties of a subscription, by number.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_PROPERTY_ID".</remarks>
public enum EcPropertyId
{
    /// <summary>It is served: Boolean.</summary>
    Enabled = 0,

    /// <summary>Its sources: an array of objects.</summary>
    EventSources = 1,

    /// <summary>Of a source, its address: String.</summary>
    EventSourceAddress = 2,

    /// <summary>Of a source, it is served: Boolean.</summary>
    EventSourceEnabled = 3,

    /// <summary>Of a source, its user: String.</summary>
    EventSourceUserName = 4,

    /// <summary>Of a source, the user's password: String, never read back.</summary>
    EventSourcePassword = 5,

    /// <summary>What it is for: String.</summary>
    Description = 6,

    /// <summary>The resource that events come from: String.</summary>
    Uri = 7,

    /// <summary>What delivery is tuned for: UInt32.</summary>
    ConfigurationMode = 8,

    /// <summary>When it ends: DateTime.</summary>
    Expires = 9,

    /// <summary>The QueryList: String.</summary>
    Query = 10,

    /// <summary>http or https: String.</summary>
    TransportName = 11,

    /// <summary>The port: UInt32.</summary>
    TransportPort = 12,

    /// <summary>Who carries the events: UInt32.</summary>
    DeliveryMode = 13,

    /// <summary>Events in a batch: UInt32.</summary>
    DeliveryMaxItems = 14,

    /// <summary>The age of a batch in milliseconds: UInt32.</summary>
    DeliveryMaxLatencyTime = 15,

    /// <summary>Between two heartbeats, in milliseconds: UInt32.</summary>
    HeartbeatInterval = 16,

    /// <summary>The language of rendered texts: String.</summary>
    Locale = 17,

    /// <summary>With or without rendered texts: UInt32.</summary>
    ContentFormat = 18,

    /// <summary>The log that events go to: String.</summary>
    LogFile = 19,

    /// <summary>The publisher of the log: String.</summary>
    PublisherName = 20,

    /// <summary>How the collector proves itself: UInt32.</summary>
    CredentialsType = 21,

    /// <summary>The user for all sources: String.</summary>
    CommonUserName = 22,

    /// <summary>The common user's password: String, never read back.</summary>
    CommonPassword = 23,

    /// <summary>The name by which sources reach the collector: String.</summary>
    HostName = 24,

    /// <summary>Events from before are wanted too: Boolean.</summary>
    ReadExistingEvents = 25,

    /// <summary>The language of the query: String.</summary>
    Dialect = 26,

    /// <summary>Who begins: UInt32.</summary>
    Type = 27,

    /// <summary>Authorities whose certificates may send: an array of String.</summary>
    AllowedIssuerCAs = 28,

    /// <summary>Names that may send with a certificate: an array of String.</summary>
    AllowedSubjects = 29,

    /// <summary>Names that may not: an array of String.</summary>
    DeniedSubjects = 30,

    /// <summary>Which domain computers may send, as SDDL: String.</summary>
    AllowedSourceDomainComputers = 31,
}

/// <summary>What is known of how a subscription or a source fares, by number.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_RUNTIME_STATUS_INFO_ID".</remarks>
public enum EcStatusId
{
    /// <summary>Disabled 1, Active 2, Inactive 3, Trying 4: UInt32.</summary>
    Active = 0,

    /// <summary>The last error's number: UInt32.</summary>
    LastError = 1,

    /// <summary>The last error: String.</summary>
    LastErrorMessage = 2,

    /// <summary>When it was: DateTime.</summary>
    LastErrorTime = 3,

    /// <summary>When the collector tries again: DateTime.</summary>
    NextRetryTime = 4,

    /// <summary>The sources' names: an array of String.</summary>
    EventSources = 5,

    /// <summary>When a heartbeat last came: DateTime.</summary>
    LastHeartbeatTime = 6,
}

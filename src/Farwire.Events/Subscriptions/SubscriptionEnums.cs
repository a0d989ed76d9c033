namespace Farwire.Events.Subscriptions;

/// <summary>Who begins.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_TYPE".</remarks>
public enum SubscriptionType
{
    /// <summary>Sources ask the collector for their subscriptions.</summary>
    SourceInitiated = 0,

    /// <summary>The collector subscribes at sources that it lists.</summary>
    CollectorInitiated = 1,
}

/// <summary>What delivery is tuned for.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_CONFIGURATION_MODE".</remarks>
public enum ConfigurationMode
{
    /// <summary>Reliable, not sparing.</summary>
    Normal = 0,

    /// <summary>As the delivery settings say.</summary>
    Custom = 1,

    /// <summary>Soon.</summary>
    MinLatency = 2,

    /// <summary>Seldom.</summary>
    MinBandwidth = 3,
}

/// <summary>Who carries the events over.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_DELIVERY_MODE".</remarks>
public enum DeliveryMode
{
    /// <summary>The collector fetches.</summary>
    Pull = 1,

    /// <summary>The source sends.</summary>
    Push = 2,
}

/// <summary>With or without rendered texts.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_CONTENT_FORMAT".</remarks>
public enum ContentFormat
{
    /// <summary>The event alone.</summary>
    Events = 1,

    /// <summary>The event and its message in the subscription's language.</summary>
    RenderedText = 2,
}

/// <summary>How the collector proves itself to a source.</summary>
/// <remarks>Windows Event Collector, "EC_SUBSCRIPTION_CREDENTIALS_TYPE".</remarks>
public enum CredentialsType
{
    /// <summary>As the client's configuration says.</summary>
    Default = 0,

    /// <summary>Negotiate.</summary>
    Negotiate = 1,

    /// <summary>Digest.</summary>
    Digest = 2,

    /// <summary>Basic.</summary>
    Basic = 3,

    /// <summary>The machine's own account.</summary>
    LocalMachine = 4,
}

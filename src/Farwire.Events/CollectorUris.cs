namespace Farwire.Events;

/// <summary>The resources by which a collector is managed. They are Farwire's own: Windows has none for it.</summary>
public static class CollectorUris
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "urn:farwire:collector/";

    /// <summary>Subscriptions as XML; the selector <c>SubscriptionId</c> names one. Get, Put, Create, Delete, Enumerate, and the method <see cref="Retry"/>.</summary>
    public const string Subscription = Prefix + "Subscription";

    /// <summary>The method of a subscription that tries its sources now; its input may name some in <c>Source</c>.</summary>
    public const string Retry = "Retry";

    /// <summary>Sources and what is known of them: Enumerate, Delete.</summary>
    public const string Source = Prefix + "Source";

    /// <summary>The log that events go to: Get, Put.</summary>
    public const string Log = Prefix + "Log";

    /// <summary>Stored events: Enumerate with an event query or XPath as filter, and options for all else.</summary>
    public const string Event = Prefix + "Event";
}

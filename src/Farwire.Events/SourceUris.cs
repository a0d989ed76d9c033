namespace Farwire.Events;

/// <summary>The resources by which the channels of a machine are seen, beside the one of Windows that events are subscribed at. They are Farwire's own.</summary>
public static class SourceUris
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "urn:farwire:source/";

    /// <summary>Channels that the caller may read; the selector <c>Name</c> names one. Enumerate, Get.</summary>
    public const string Channel = Prefix + "Channel";

    /// <summary>The collectors that this machine forwards to, and how its subscriptions there stand: Enumerate.</summary>
    public const string Forwarding = Prefix + "Forwarding";
}

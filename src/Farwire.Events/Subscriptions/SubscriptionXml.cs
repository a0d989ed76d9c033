namespace Farwire.Events.Subscriptions;

/// <summary>Names of the subscription schema.</summary>
public static class SubscriptionXml
{
    /// <summary>The schema's namespace.</summary>
    public const string Namespace = "http://schemas.microsoft.com/2006/03/windows/events/subscription";

    /// <summary>The namespace of what Farwire adds: allowed principals and addresses.</summary>
    public const string FarwireNamespace = "urn:farwire:subscription";

    /// <summary>Characters of a subscription file.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>Sources, or rules of one kind, that one subscription may list.</summary>
    public const int MaxItems = 10_000;
}

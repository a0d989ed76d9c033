using System.Globalization;
using Farwire.Protocol.Addressing;

namespace Farwire.Events.Subscriptions;

/// <summary>Identifiers that follow from content, so that a restart and every node of a collector give the same.</summary>
/// <remarks>RFC 9562, "UUID Version 5".</remarks>
public static class SubscriptionVersion
{
    private static readonly Guid Namespace = new("8f0b7c52-4d0f-5f1e-9a55-5b9d2c1f6a10");

    /// <summary>The identifier of a subscription: its name, in any case.</summary>
    public static Guid Identifier(string subscriptionId) => Version5("id\n" + subscriptionId.ToUpperInvariant());

    /// <summary>
    /// The version of a subscription: changes with everything that a source sees, and with nothing else. Bookmarks are no part of it: a source
    /// would begin anew at each.
    /// </summary>
    public static Guid Of(SubscriptionDefinition s)
    {
        var delivery = DeliverySettings.Of(s);
        return Version5(string.Join('\n',
            "version 1",
            s.Id.ToUpperInvariant(),
            s.Uri,
            s.Dialect,
            s.Query,
            s.ReadExistingEvents.ToString(CultureInfo.InvariantCulture),
            s.ContentFormat.ToString(),
            s.Locale ?? "",
            delivery.Mode.ToString(),
            delivery.MaxItems?.ToString(CultureInfo.InvariantCulture) ?? "",
            delivery.MaxLatency.ToString("c", CultureInfo.InvariantCulture),
            delivery.Heartbeat.ToString("c", CultureInfo.InvariantCulture),
            s.HostName ?? ""));
    }

    private static Guid Version5(string name) => Uuid.OfName(Namespace, name);
}

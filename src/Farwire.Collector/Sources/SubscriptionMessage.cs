using Farwire.Collector.Access;
using Farwire.Collector.Store;
using Farwire.Events.Bookmarks;
using Farwire.Events.Compression;
using Farwire.Events.Subscriptions;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;

namespace Farwire.Collector.Sources;

/// <summary>Makes the Subscribe message that a source takes from its collector.</summary>
/// <remarks>MS-WSMV, "Subscription". Everything but the bookmark follows from the definition; the version tells sources of changes.</remarks>
internal static class SubscriptionMessage
{
    private const int MaxEnvelopeBytes = 512_000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(60);

    /// <summary>The item for one source.</summary>
    /// <param name="subscription">The definition.</param>
    /// <param name="address">Where the source delivers.</param>
    /// <param name="caller">The source, for the way in which it shall prove itself.</param>
    /// <param name="state">What is known of it; null when it is new.</param>
    public static SubscriptionItem For(SubscriptionDefinition subscription, Uri address, Caller caller, SourceState? state)
    {
        var version = SubscriptionVersion.Of(subscription);
        var identifier = IdOf(subscription);
        var delivery = DeliverySettings.Of(subscription);
        var endpoint = new EventingReference(address.ToString(), identifier);
        var body = new Subscribe(new Delivery(DeliveryModes.Events)
        {
            Heartbeats = delivery.Heartbeat,
            NotifyTo = endpoint with { Policy = PolicyFor(caller, address) },
            RetryInterval = RetryInterval,
            RetryTotal = 5,
            MaxElements = delivery.MaxItems,
            MaxTime = delivery.MaxLatency,
            MaxEnvelopeSize = MaxEnvelopeBytes,
            OversizePolicy = "Notify",
            Locale = subscription.Locale ?? "en-US",
            DataLocale = subscription.Locale ?? "en-US",
            ContentEncoding = "UTF-16",
        })
        {
            EndTo = endpoint,
            Filter = new Filter(subscription.Dialect) { Xml = subscription.Query },
            Bookmark = state?.Bookmark ?? (subscription.ReadExistingEvents ? BookmarkList.Earliest : null),
            SendBookmarks = true,
        };
        var headers = new MessageHeaders
        {
            To = EndpointReference.Anonymous,
            ResourceUri = subscription.Uri,
            Action = Actions.Subscribe,
            MaxEnvelopeSize = MaxEnvelopeBytes,
            MessageId = Uuid.Format(Guid.NewGuid()),
            Locale = subscription.Locale ?? "en-US",
            DataLocale = subscription.Locale ?? "en-US",
            OperationId = Uuid.Format(version),
            SequenceId = 1,
            Options = OptionsOf(subscription),
        };
        return new SubscriptionItem(Uuid.Format(version), headers, body);
    }

    /// <summary>The identifier that the source sends with every message.</summary>
    public static string IdOf(SubscriptionDefinition subscription) => SubscriptionVersion.Identifier(subscription.Id).ToString("D").ToUpperInvariant();

    private static OptionSet OptionsOf(SubscriptionDefinition subscription)
    {
        List<Option> options =
        [
            new("SubscriptionName", subscription.Id),
            new("Compression", Sldc.Name),
            new("CDATA", null),
            new("ContentFormat", subscription.ContentFormat == ContentFormat.RenderedText ? "RenderedText" : "Raw"),
            new("IgnoreChannelError", null),
        ];
        if (subscription.ReadExistingEvents)
        {
            options.Add(new Option("ReadExistingEvents", "true"));
        }

        return OptionSet.Of([.. options]);
    }

    // A source proves itself at the delivery as it did when it asked.
    private static DeliveryPolicy PolicyFor(Caller caller, Uri address)
    {
        if (caller.Principal.FindFirst(SourceClaims.IssuerThumbprint)?.Value is { } issuer)
        {
            return new DeliveryPolicy(DeliveryPolicy.HttpsMutual, issuer.ToUpperInvariant());
        }

        var scheme = address.Scheme;
        var basic = string.Equals(caller.Principal.Identity?.AuthenticationType, "Basic", StringComparison.OrdinalIgnoreCase);
        return new DeliveryPolicy(
            basic ? $"http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/{scheme}/basic" : scheme == Uri.UriSchemeHttps ? DeliveryPolicy.HttpsKerberos : DeliveryPolicy.HttpKerberos);
    }
}

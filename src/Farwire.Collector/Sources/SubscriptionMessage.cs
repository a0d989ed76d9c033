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
        var body = BodyFor(subscription, DeliveryModes.Events, address, IdOf(subscription), state, PolicyFor(caller, address));
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
            Options = OptionsOf(subscription, mayPack: true),
        };
        return new SubscriptionItem(Uuid.Format(version), headers, body);
    }

    /// <summary>The body of the message.</summary>
    /// <param name="subscription">The definition.</param>
    /// <param name="mode">How events shall travel.</param>
    /// <param name="address">Where the source delivers; null when events are pulled.</param>
    /// <param name="identifier">What the source sends with every message.</param>
    /// <param name="state">What is known of the source; null when it is new.</param>
    /// <param name="policy">How the source shall prove itself at <paramref name="address"/>.</param>
    public static Subscribe BodyFor(SubscriptionDefinition subscription, string mode, Uri? address, string identifier, SourceState? state, DeliveryPolicy? policy = null)
    {
        var delivery = DeliverySettings.Of(subscription);
        var endpoint = address is null ? null : new EventingReference(address.ToString(), identifier);
        return new Subscribe(new Delivery(mode)
        {
            Heartbeats = delivery.Heartbeat,
            NotifyTo = endpoint is null ? null : endpoint with { Policy = policy },
            RetryInterval = endpoint is null ? null : RetryInterval,
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
    }

    /// <summary>The identifier that the source sends with every message.</summary>
    public static string IdOf(SubscriptionDefinition subscription) => SubscriptionVersion.Identifier(subscription.Id).ToString("D").ToUpperInvariant();

    /// <summary>The switches of the message.</summary>
    /// <param name="subscription">The definition.</param>
    /// <param name="mayPack">The collector unpacks deliveries; answers to a Pull it takes as they are.</param>
    public static OptionSet OptionsOf(SubscriptionDefinition subscription, bool mayPack)
    {
        List<Option> options = [new("SubscriptionName", subscription.Id)];
        if (mayPack)
        {
            options.Add(new Option("Compression", Sldc.Name));
        }

        options.Add(new Option("CDATA", null));
        options.Add(new Option("ContentFormat", subscription.ContentFormat == ContentFormat.RenderedText ? "RenderedText" : "Raw"));
        options.Add(new Option("IgnoreChannelError", null));
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

        return string.Equals(caller.Principal.Identity?.AuthenticationType, "Basic", StringComparison.OrdinalIgnoreCase)
            ? DeliveryPolicy.Basic(address.Scheme)
            : new DeliveryPolicy(address.Scheme == Uri.UriSchemeHttps ? DeliveryPolicy.HttpsKerberos : DeliveryPolicy.HttpKerberos);
    }
}

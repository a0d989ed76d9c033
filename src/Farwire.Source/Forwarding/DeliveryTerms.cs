using Farwire.Events.Bookmarks;
using Farwire.Events.Compression;
using Farwire.Events.Queries;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;

namespace Farwire.Source.Forwarding;

/// <summary>What a subscription asks of its source, read and held to limits.</summary>
/// <remarks>MS-WSMV, "Subscribe"; DSP0226, "Subscribe". The collector is believed no more than anybody: every number of its is cut to what this machine can bear.</remarks>
internal sealed record DeliveryTerms
{
    private const int MaxBatchEvents = 10_000;
    private const long LeastEnvelopeBytes = 8 * 1024;
    private const long MostEnvelopeBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where deliveries go.</summary>
    public required EventingReference NotifyTo { get; init; }

    /// <summary>Where the end is told.</summary>
    public required EventingReference EndTo { get; init; }

    /// <summary>Which events; null when that cannot be told, and <see cref="Refusal"/> says why.</summary>
    public required EventQuery? Query { get; init; }

    /// <summary>Why it cannot be served, whatever this machine does; null when it can.</summary>
    public SubscriptionRefusedException? Refusal { get; init; }

    /// <summary>Where to begin, when the collector says it: it wins over what this machine remembers.</summary>
    public BookmarkList? Bookmark { get; init; }

    /// <summary>Events that exist already are sent as well.</summary>
    public bool ReadExisting { get; init; }

    /// <summary>Events bring their text.</summary>
    public bool IsRendered { get; init; }

    /// <summary>Channels that are not there are passed over.</summary>
    public bool IgnoresMissingChannels { get; init; }

    /// <summary>Events travel as CDATA.</summary>
    public bool AsCData { get; init; }

    /// <summary>Deliveries are packed.</summary>
    public bool IsPacked { get; init; }

    /// <summary>Deliveries are UTF-16.</summary>
    public bool IsUtf16 { get; init; }

    /// <summary>Events of a batch.</summary>
    public int MaxEvents { get; init; }

    /// <summary>How old the first event of a batch grows.</summary>
    public TimeSpan MaxTime { get; init; }

    /// <summary>Bytes of a message before it is packed.</summary>
    public long MaxEnvelopeBytes { get; init; }

    /// <summary>What becomes of an event that no message can hold.</summary>
    public OversizePolicy Oversize { get; init; }

    /// <summary>How long the source may be silent.</summary>
    public TimeSpan Heartbeats { get; init; }

    /// <summary>Time between two attempts.</summary>
    public TimeSpan RetryInterval { get; init; }

    /// <summary>Attempts before the source waits for its next refresh.</summary>
    public int RetryTotal { get; init; }

    /// <summary>Reads a subscription.</summary>
    /// <exception cref="SubscriptionRefusedException">It does not even say whom to tell that it cannot be served.</exception>
    public static DeliveryTerms Of(SubscriptionItem item)
    {
        var (subscribe, options) = (item.Subscribe, item.Headers.Options);
        var delivery = subscribe.Delivery;
        var name = options["SubscriptionName"] ?? delivery.NotifyTo?.Identifier ?? item.Version;
        if (delivery.NotifyTo is not { } notifyTo)
        {
            throw new SubscriptionRefusedException(SubscriptionRefusedException.BadParameter, $"'{name}' does not say where its events go.");
        }

        var refusal = item.Headers.ResourceUri == ResourceUris.EventLog && delivery.Mode == DeliveryModes.Events ? null : new SubscriptionRefusedException(
            SubscriptionRefusedException.NotSupported, $"'{name}' wants {item.Headers.ResourceUri} delivered as {delivery.Mode}; this source has event logs, in batches.");
        var query = refusal is null ? QueryOf(subscribe.Filter, name, out refusal) : null;
        var (retry, heartbeats) = (delivery.RetryInterval ?? TimeSpan.FromMinutes(1), delivery.Heartbeats ?? TimeSpan.FromHours(1));
        return new DeliveryTerms
        {
            Name = name,
            NotifyTo = notifyTo,
            EndTo = subscribe.EndTo ?? notifyTo,
            Query = query,
            Refusal = refusal,
            Bookmark = subscribe.Bookmark is { } bookmark && bookmark.Trim() != BookmarkList.Earliest ? BookmarkList.Read(bookmark) : null,
            ReadExisting = IsOn(options, "ReadExistingEvents") || subscribe.Bookmark?.Trim() == BookmarkList.Earliest,
            IsRendered = string.Equals(options["ContentFormat"], "RenderedText", StringComparison.OrdinalIgnoreCase),
            IgnoresMissingChannels = IsOn(options, "IgnoreChannelError"),
            AsCData = IsOn(options, "CDATA"),
            IsPacked = string.Equals(options["Compression"], Sldc.Name, StringComparison.OrdinalIgnoreCase),
            IsUtf16 = !string.Equals(delivery.ContentEncoding?.Trim(), "UTF-8", StringComparison.OrdinalIgnoreCase), // what Windows sends
            MaxEvents = (int)Math.Clamp(delivery.MaxElements ?? MaxBatchEvents, 1, MaxBatchEvents),
            MaxTime = Within(delivery.MaxTime ?? TimeSpan.FromSeconds(30), TimeSpan.Zero),
            MaxEnvelopeBytes = Math.Clamp(delivery.MaxEnvelopeSize ?? 512_000, LeastEnvelopeBytes, MostEnvelopeBytes),
            Oversize = Enum.TryParse<OversizePolicy>(delivery.OversizePolicy, ignoreCase: true, out var policy) ? policy : OversizePolicy.Notify,
            Heartbeats = Within(heartbeats, TimeSpan.FromSeconds(1)),
            RetryInterval = Within(retry, TimeSpan.FromSeconds(1)),
            RetryTotal = Math.Clamp(delivery.RetryTotal, 1, 100),
        };
    }

    private static EventQuery? QueryOf(Filter? filter, string name, out SubscriptionRefusedException? refusal)
    {
        refusal = null;
        if (filter?.Dialect is not Dialects.EventQuery || filter.Xml is null)
        {
            refusal = new SubscriptionRefusedException(SubscriptionRefusedException.BadQuery, $"'{name}' filters by {filter?.Dialect ?? "nothing"}; this source takes {Dialects.EventQuery}.");
            return null;
        }

        try
        {
            return EventQuery.Parse(filter.Xml);
        }
        catch (EventQueryException e)
        {
            refusal = new SubscriptionRefusedException(SubscriptionRefusedException.BadQuery, $"the query of '{name}' is not understood: {e.Message}");
            return null;
        }
    }

    // An option that is there without a value is on: xsi:nil stands for true.
    private static bool IsOn(OptionSet options, string name) =>
        options.Any(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !string.Equals(option.Value?.Trim(), "false", StringComparison.OrdinalIgnoreCase));

    private static TimeSpan Within(TimeSpan time, TimeSpan least) => time < least ? least : time > Longest ? Longest : time;
}

/// <summary>What becomes of an event that is larger than any message may be.</summary>
/// <remarks>DSP0226, "Subscribe", MaxEnvelopeSize.</remarks>
internal enum OversizePolicy
{
    Notify,
    Skip,
    CancelSubscription,
}

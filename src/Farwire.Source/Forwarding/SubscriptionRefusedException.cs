using Farwire.Source.Channels;

namespace Farwire.Source.Forwarding;

/// <summary>A subscription that this machine cannot serve.</summary>
/// <param name="code">The Windows error.</param>
/// <param name="message">Why, for the collector's people.</param>
/// <param name="fix">What helps.</param>
internal sealed class SubscriptionRefusedException(uint code, string message, string fix = SubscriptionRefusedException.AtTheCollector) : Exception(message)
{
    /// <summary>ERROR_NOT_SUPPORTED.</summary>
    public const uint NotSupported = 50;

    /// <summary>ERROR_INVALID_PARAMETER.</summary>
    public const uint BadParameter = 87;

    /// <summary>ERROR_EVT_INVALID_QUERY.</summary>
    public const uint BadQuery = 15001;

    private const string AtTheCollector = "Correct the subscription at the collector.";

    /// <summary>The Windows error.</summary>
    public uint Code { get; } = code;

    /// <summary>What helps.</summary>
    public string Fix { get; } = fix;

    /// <summary>A channel is not here.</summary>
    public static SubscriptionRefusedException Of(ChannelNotFoundException missing) => new(
        ChannelNotFoundException.Code, missing.Message, "Take the channel out of the query, let the subscription pass over missing channels (IgnoreChannelError), or give the channel that name on this machine.");
}

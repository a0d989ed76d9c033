using Microsoft.Extensions.Logging;

namespace Farwire.Source;

/// <summary>What the source has to tell: ids 1700–1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Warning, "{Subscription} of {Collector}: delivery failed, attempt {Attempt}: {Problem}")]
    public static partial void DeliveryFailed(ILogger logger, string subscription, Uri collector, int attempt, string problem);

    [LoggerMessage(1701, LogLevel.Error, "{Subscription}: the bookmark could not be kept: {Problem}")]
    public static partial void BookmarkNotKept(ILogger logger, string subscription, string problem);

    [LoggerMessage(1702, LogLevel.Information, "{Subscription} of {Collector}: its end could not be told: {Problem}")]
    public static partial void EndNotTold(ILogger logger, string subscription, Uri collector, string problem);

    [LoggerMessage(1703, LogLevel.Warning, "{Collector} could not be asked for subscriptions: {Problem}")]
    public static partial void CollectorTrouble(ILogger logger, Uri collector, string problem);

    [LoggerMessage(1704, LogLevel.Warning, "{Subscription} of {Collector} cannot be served: {Problem}")]
    public static partial void SubscriptionRefused(ILogger logger, string subscription, Uri collector, string problem);

    [LoggerMessage(1705, LogLevel.Information, "{Subscription} of {Collector} begins")]
    public static partial void SubscriptionBegins(ILogger logger, string subscription, Uri collector);
}

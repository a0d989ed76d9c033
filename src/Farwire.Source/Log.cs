using Microsoft.Extensions.Logging;

namespace Farwire.Source;

/// <summary>What the source has to tell beside its operational channel: ids 1700–1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Warning, "{Subscription} of {Collector}: delivery failed, attempt {Attempt}: {Problem}")]
    public static partial void DeliveryFailed(ILogger logger, string subscription, Uri collector, int attempt, string problem);

    [LoggerMessage(1701, LogLevel.Error, "{Subscription}: the bookmark could not be kept: {Problem}")]
    public static partial void BookmarkNotKept(ILogger logger, string subscription, string problem);

    [LoggerMessage(1702, LogLevel.Information, "{Subscription} of {Collector}: its end could not be told: {Problem}")]
    public static partial void EndNotTold(ILogger logger, string subscription, Uri collector, string problem);

    [LoggerMessage(1703, LogLevel.Error, "{Subscription} of {Collector} ended by a mistake of this program; it begins anew at the next refresh")]
    public static partial void SubscriptionBroke(ILogger logger, string subscription, Uri collector, Exception exception);

    [LoggerMessage(1704, LogLevel.Error, "Asking {Collector} ended by a mistake of this program; it is asked again")]
    public static partial void CollectorBroke(ILogger logger, Uri collector, Exception exception);

    [LoggerMessage(1706, LogLevel.Debug, "{Collector} did not hear that the question is over: {Problem}")]
    public static partial void EndNotHeard(ILogger logger, Uri collector, string problem);

    [LoggerMessage(EventId = 1705, Message = "{Number}: {Text}")]
    public static partial void Operational(ILogger logger, LogLevel level, int number, string text);
}

using Microsoft.Extensions.Logging;

namespace Farwire.Service.Dispatch;

/// <summary>What the engine has to tell: ids 1000–1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Error, "{Action} on {ResourceUri} failed unexpectedly")]
    public static partial void Unexpected(ILogger logger, string? action, string? resourceUri, Exception exception);

    [LoggerMessage(1001, LogLevel.Warning, "An enumeration could not be closed")]
    public static partial void EnumerationNotClosed(ILogger logger, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "A subscription could not be closed")]
    public static partial void SubscriptionNotClosed(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Information, "Subscription {Id} to {ResourceUri} ends: {Status}. {Reason}")]
    public static partial void SubscriptionCancelled(ILogger logger, string id, string resourceUri, string status, string? reason);

    [LoggerMessage(1004, LogLevel.Information, "The end of subscription {Id} could not be told to {Address}")]
    public static partial void EndNotTold(ILogger logger, string id, string address, Exception exception);

    [LoggerMessage(1005, LogLevel.Information, "Events of subscription {Id} did not reach {Address}; attempt {Attempt}")]
    public static partial void NotDelivered(ILogger logger, string id, string address, int attempt, Exception exception);

    [LoggerMessage(1010, LogLevel.Information, "Access: {User} from {Address}, {Action} on {ResourceUri}: {Outcome}")]
    public static partial void Audited(ILogger logger, string user, string address, string action, string resourceUri, string outcome);
}

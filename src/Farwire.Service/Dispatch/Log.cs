using Microsoft.Extensions.Logging;

namespace Farwire.Service.Dispatch;

/// <summary>What the engine has to tell: ids 1000–1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Error, "{Action} on {ResourceUri} failed unexpectedly")]
    public static partial void Unexpected(ILogger logger, string? action, string? resourceUri, Exception exception);

    [LoggerMessage(1001, LogLevel.Warning, "An enumeration could not be closed")]
    public static partial void EnumerationNotClosed(ILogger logger, Exception exception);

    [LoggerMessage(1010, LogLevel.Information, "Access: {User} from {Address}, {Action} on {ResourceUri}: {Outcome}")]
    public static partial void Audited(ILogger logger, string user, string address, string action, string resourceUri, string outcome);
}

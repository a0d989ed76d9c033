using Microsoft.Extensions.Logging;

namespace Farwire.Collector;

/// <summary>What the collector has to tell: ids 1500–1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1544, LogLevel.Warning, "The database of the nodes does not answer: {Reason}")]
    public static partial void DatabaseGone(ILogger log, string reason);

    [LoggerMessage(1541, LogLevel.Information, "The subscription {Subscription} was given the channels {Channels}; they travel in its companion {Part}, so that sources do not replay them from the beginning")]
    public static partial void ChannelsAdded(ILogger log, string subscription, string channels, int part);

    [LoggerMessage(1542, LogLevel.Warning, "The subscription {Subscription} was given channels too often to keep {Channels} apart: sources replay them from the beginning; make a subscription of their own for them")]
    public static partial void ChannelsReplayed(ILogger log, string subscription, string channels);

    [LoggerMessage(1543, LogLevel.Error, "A password of the subscription {Subscription} was sealed with another key and is lost: set it again")]
    public static partial void PasswordSealed(ILogger log, string subscription);

    [LoggerMessage(1500, LogLevel.Error, "Events could not be stored; their sources send them again")]
    public static partial void CommitFailed(ILogger logger, Exception exception);

    [LoggerMessage(1501, LogLevel.Warning, "{Source} may not send for {Subscription}: {Reason}")]
    public static partial void SourceRefused(ILogger logger, string source, string subscription, string reason);

    [LoggerMessage(1502, LogLevel.Warning, "{Source} began {Subscription} anew although its bookmark had been sent: events may be missing")]
    public static partial void BookmarkIgnored(ILogger logger, string source, string subscription);

    [LoggerMessage(1503, LogLevel.Warning, "{Source} ended {Subscription}: {Status} {Code}")]
    public static partial void SubscriptionEnded(ILogger logger, string source, string subscription, string status, uint code);

    [LoggerMessage(1504, LogLevel.Warning, "{File} is not a subscription: {Problem}")]
    public static partial void BadSubscriptionFile(ILogger logger, string file, string problem);

    [LoggerMessage(1505, LogLevel.Warning, "{Source} dropped {Count} events of {Subscription}")]
    public static partial void EventsDropped(ILogger logger, string source, string subscription, long count);

    [LoggerMessage(1506, LogLevel.Warning, "The subscription {Subscription} has ended at {Expires}; it is not served")]
    public static partial void SubscriptionExpired(ILogger logger, string subscription, DateTime? expires);

    [LoggerMessage(1507, LogLevel.Error, "Subscriptions could not be read again, or old events not removed")]
    public static partial void RefreshFailed(ILogger logger, Exception exception);

    [LoggerMessage(1508, LogLevel.Debug, "{Source} is not told of {Subscription}: {Reason}")]
    public static partial void SubscriptionWithheld(ILogger logger, string source, string subscription, string reason);

    [LoggerMessage(1509, LogLevel.Information, "Subscribed at {Source} for {Subscription}")]
    public static partial void Subscribed(ILogger logger, string source, string subscription);

    [LoggerMessage(1510, LogLevel.Warning, "{Source} does not serve {Subscription}: {Reason} The next attempt is at {Next:u}")]
    public static partial void SourceFailed(ILogger logger, string source, string subscription, string reason, DateTime next);

    [LoggerMessage(1511, LogLevel.Error, "What follows {Source} for {Subscription} went wrong in itself")]
    public static partial void LinkBroken(ILogger logger, string source, string subscription, Exception exception);

    [LoggerMessage(1540, LogLevel.Information, "The ticket of {Source} says nothing of groups (it has no PAC): a rule of names lets it in to {Subscription}, no descriptor")]
    public static partial void NameStandsIn(ILogger logger, string source, string subscription);

    [LoggerMessage(1512, LogLevel.Warning, "{Source} has a gap in {Subscription}: {Count} records never came; its log may have wrapped")]
    public static partial void RecordsMissing(ILogger logger, string source, string subscription, long count);

    [LoggerMessage(1513, LogLevel.Warning, "A log of {Source} in {Subscription} was cleared")]
    public static partial void LogCleared(ILogger logger, string source, string subscription);

    [LoggerMessage(1514, LogLevel.Warning, "{Source} sends {Count} events of another computer for {Subscription}")]
    public static partial void StrangeComputer(ILogger logger, string source, string subscription, int count);
}

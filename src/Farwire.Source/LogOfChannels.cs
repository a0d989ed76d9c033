using Microsoft.Extensions.Logging;

namespace Farwire.Source;

/// <summary>What channels have to tell: ids 1750–1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1750, LogLevel.Warning, "The journal cannot be read; it is tried again.")]
    public static partial void JournalNotRead(ILogger logger, Exception e);

    [LoggerMessage(1751, LogLevel.Warning, "A place in the journal could not be kept; after a crash more has to be counted again.")]
    public static partial void AnchorNotKept(ILogger logger, Exception e);

    [LoggerMessage(1752, LogLevel.Error, "Messages of syslog wait: the journal does not take them.")]
    public static partial void SyslogNotKept(ILogger logger, Exception e);

    [LoggerMessage(1753, LogLevel.Error, "Syslog is no longer taken at {EndPoint}.")]
    public static partial void SyslogEnded(ILogger logger, System.Net.IPEndPoint endPoint, Exception e);

    [LoggerMessage(1754, LogLevel.Information, "A sender of syslog at {EndPoint} was left: {Problem}")]
    public static partial void SyslogSender(ILogger logger, System.Net.IPEndPoint endPoint, string problem);
}

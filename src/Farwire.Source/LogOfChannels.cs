using Microsoft.Extensions.Logging;

namespace Farwire.Source;

/// <summary>What channels have to tell: ids 1750–1799.</summary>
internal static partial class Log
{
    [LoggerMessage(1750, LogLevel.Warning, "The journal cannot be read; it is tried again.")]
    public static partial void JournalNotRead(ILogger logger, Exception e);

    [LoggerMessage(1751, LogLevel.Warning, "A place in the journal could not be kept; after a crash more has to be counted again.")]
    public static partial void AnchorNotKept(ILogger logger, Exception e);
}

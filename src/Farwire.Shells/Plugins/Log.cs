using Microsoft.Extensions.Logging;

namespace Farwire.Shells.Plugins;

/// <summary>What is told of plug-ins' shells: ids 1200–1219.</summary>
internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Warning, "The plug-in {Plugin} writes more than the client of shell {Shell} fetches: its oldest output is dropped, {Bytes} bytes so far")]
    public static partial void OutputDropped(ILogger logger, string plugin, string shell, long bytes);
}

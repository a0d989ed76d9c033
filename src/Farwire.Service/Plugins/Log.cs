using Microsoft.Extensions.Logging;

namespace Farwire.Service.Plugins;

/// <summary>What is told of plug-ins: ids 1020–1039.</summary>
internal static partial class Log
{
    [LoggerMessage(1020, LogLevel.Error, "The plug-in {Plugin} failed")]
    public static partial void PluginFailed(ILogger logger, string plugin, Exception exception);

    [LoggerMessage(1021, LogLevel.Error, "The plug-in {Plugin} is left out: {Reason}")]
    public static partial void PluginLeftOut(ILogger logger, string plugin, string reason);
}

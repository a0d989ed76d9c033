using Microsoft.Extensions.Logging;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>What the hardware classes have to tell. The ids are those of Windows' provider.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "The lower non-critical threshold of {Sensor} on {System} was written, but did not change")]
    public static partial void LowerWithoutEffect(ILogger logger, string system, string sensor);

    [LoggerMessage(1001, LogLevel.Warning, "The upper non-critical threshold of {Sensor} on {System} was written, but did not change")]
    public static partial void UpperWithoutEffect(ILogger logger, string system, string sensor);
}

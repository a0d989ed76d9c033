using Microsoft.Extensions.Logging;

namespace Farwire.AspNetCore;

/// <summary>What the edge logs; ids 1000 to 1099. Never a token, a body or a password.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "A client at {Address} is refused: {Reason}")]
    public static partial void Refused(ILogger log, string address, string reason);
}

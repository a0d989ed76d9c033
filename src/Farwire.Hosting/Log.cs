using Microsoft.Extensions.Logging;

namespace Farwire.Hosting;

/// <summary>What the service of a machine logs; ids 1700 to 1799. Never a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Information, "{Listener} listens on port {Port}")]
    public static partial void ListenerStarted(ILogger log, string listener, int port);

    [LoggerMessage(1701, LogLevel.Information, "{Listener} takes no more connections")]
    public static partial void ListenerStopped(ILogger log, string listener);

    [LoggerMessage(1702, LogLevel.Error, "{Listener} stays closed: {Reason}")]
    public static partial void ListenerNotStarted(ILogger log, string listener, string reason);

    [LoggerMessage(1703, LogLevel.Information, "{Listener} shows the certificate {Thumbprint} from now on, which is valid until {NotAfter}")]
    public static partial void CertificateRenewed(ILogger log, string listener, string thumbprint, DateTime notAfter);

    [LoggerMessage(1704, LogLevel.Warning, "{Listener} shows a certificate that ends on {NotAfter}: put a renewed one beside it; it counts at once")]
    public static partial void CertificateExpires(ILogger log, string listener, DateTime notAfter);

    [LoggerMessage(1705, LogLevel.Debug, "SOAP {Direction} {User} {Address}: {Message}")]
    public static partial void Soap(ILogger log, string direction, string user, string address, string message);

    [LoggerMessage(1706, LogLevel.Warning, "{Listener} waits for {Addresses}, which cannot be had yet, and goes on trying")]
    public static partial void ListenerWaits(ILogger log, string listener, string addresses);

    [LoggerMessage(1707, LogLevel.Information, "{Listener} listens on {Addresses} too")]
    public static partial void ListenerGrew(ILogger log, string listener, string addresses);

    [LoggerMessage(1710, LogLevel.Information, "The configuration is read again: {Changes}")]
    public static partial void ConfigurationRead(ILogger log, string changes);

    [LoggerMessage(1711, LogLevel.Error, "The configuration stays as it was: {Reason}")]
    public static partial void ConfigurationBroken(ILogger log, string reason);

    [LoggerMessage(1720, LogLevel.Error, "The authority in {File} cannot be read, and is trusted by nobody: {Reason}")]
    public static partial void AuthorityNotRead(ILogger log, string file, string reason);

    [LoggerMessage(1730, LogLevel.Warning, "The controller of this machine was not told of its {What}: {Reason}")]
    public static partial void NotTold(ILogger log, string what, string reason);

    [LoggerMessage(1721, LogLevel.Error, "CredSSP is not offered: {Reason}")]
    public static partial void CredSspNotOffered(ILogger log, string reason);

    [LoggerMessage(1722, LogLevel.Error, "The keytab {Keytab} of a listener has no keys, and Kerberos is refused there until it has: {Reason}")]
    public static partial void KeytabWithoutKeys(ILogger log, string keytab, string reason);

    [LoggerMessage(1730, LogLevel.Information, "The page on events is at {Address}")]
    public static partial void PageIsAt(ILogger log, Uri address);

    [LoggerMessage(1740, LogLevel.Information, "The plug-in {Plugin} runs as {Account} in process {Process}: {Reason}")]
    public static partial void PluginStarted(ILogger log, string plugin, string account, int process, Farwire.Plugins.StartupReason reason);

    [LoggerMessage(1741, LogLevel.Information, "The plug-in {Plugin} was not used; its process {Process} ends")]
    public static partial void PluginIdle(ILogger log, string plugin, int process);

    [LoggerMessage(1742, LogLevel.Error, "The process {Process} of the plug-in {Plugin} ended unasked")]
    public static partial void PluginEnded(ILogger log, string plugin, int process);

    [LoggerMessage(1743, LogLevel.Error, "The plug-in {Plugin} ended {Count} times in a row and is not started again until a request needs it")]
    public static partial void PluginGivenUp(ILogger log, string plugin, int count);

    [LoggerMessage(1744, LogLevel.Error, "The plug-in {Plugin} cannot be started: {Reason}")]
    public static partial void PluginNotStarted(ILogger log, string plugin, string reason);

    [LoggerMessage(1745, LogLevel.Information, "The plug-in {Plugin} says: {Line}")]
    public static partial void PluginSaid(ILogger log, string plugin, string line);

    [LoggerMessage(1746, LogLevel.Error, "Records of the controllers' event logs wait: the journal does not take them.")]
    public static partial void SelNotKept(ILogger log, Exception e);

    [LoggerMessage(1747, LogLevel.Warning, "How far the controllers' event logs were read could not be kept; after a restart some records come again.")]
    public static partial void SelMarksNotKept(ILogger log, Exception e);
}

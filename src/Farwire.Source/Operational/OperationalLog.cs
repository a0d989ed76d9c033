using System.Globalization;
using System.Net.Sockets;
using Farwire.Linux.Journal;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Operational;

/// <summary>The forwarder's own channel: entries of the journal, which are read, searched and forwarded as all others are.</summary>
/// <param name="journal">Where they go; null, or nobody there, and they are lines of the log.</param>
/// <param name="logger">The log.</param>
public sealed class OperationalLog(JournalWriter? journal, ILogger logger)
{
    /// <summary>The channel.</summary>
    public const string Channel = Provider + "/Operational";

    /// <summary>Who writes them.</summary>
    public const string Provider = "Microsoft-Windows-Forwarding";

    // systemd-catalog(5): one kind of message.
    private const string MessageId = "5f0e1d0a6c3b4c0f9a4e2f6d8b7c1a35";

    /// <summary>Writes an event.</summary>
    public void Write(OperationalEvent told)
    {
        try
        {
            if (journal is not null)
            {
                journal.Write([
                    ("MESSAGE", told.Message),
                    ("MESSAGE_ID", MessageId),
                    ("PRIORITY", Text(told.Priority)),
                    ("SYSLOG_IDENTIFIER", Provider),
                    ("EVENT_ID", Text(told.Id)),
                    .. told.Subscription is { } name ? [("SUBSCRIPTION", name)] : Array.Empty<(string, string)>(),
                    .. told.Collector is { } collector ? [("COLLECTOR", collector.ToString())] : Array.Empty<(string, string)>(),
                    .. told.ErrorCode is { } code ? [("ERROR_CODE", code.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
                ]);
                return;
            }
        }
        catch (SocketException)
        {
            // No journal, or one that starts anew: the line below says it instead.
        }

        Log.Operational(logger, told.Priority <= 3 ? LogLevel.Error : told.Priority == 4 ? LogLevel.Warning : LogLevel.Information, told.Id, told.Message);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Buffers;
using System.Globalization;
using System.Text;
using Farwire.Collector.Store;

namespace Farwire.Collector.Outputs;

/// <summary>Sends events as syslog messages over TCP or TLS.</summary>
/// <remarks>
/// RFC 5424, "Syslog Message Format"; RFC 6587, "Octet Counting"; RFC 5425. Syslog has no acknowledgement: an event counts as sent once the connection
/// took it.
/// </remarks>
/// <param name="endpoint">The receiver; by custom its port is 6514 for TLS and 601 for TCP.</param>
/// <param name="format">What the message part holds.</param>
/// <param name="facility">The facility, 13 is audit.</param>
public sealed class SyslogOutput(StreamEndpoint endpoint, EventFormat format = EventFormat.Json, int facility = 13) : StreamOutput(endpoint, "syslog")
{
    // Level 0 is told like information: it means "always", not "worst".
    private static readonly int[] Severities = [6, 2, 3, 4, 6, 7];

    /// <inheritdoc/>
    protected override void Write(IBufferWriter<byte> batch, StoredEvent stored)
    {
        var message = Message(stored);
        batch.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));
        batch.Write(message);
    }

    // <PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID - BOM message
    private byte[] Message(StoredEvent stored)
    {
        var s = stored.System;
        var severity = Severities[s.Level is >= 0 and < 6 and var level ? level : 4];
        var time = (s.TimeCreated ?? stored.Origin.Received).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var message = new ArrayBufferWriter<byte>(1024);
        message.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"<{(facility * 8) + severity}>1 {time} {Name(s.Computer ?? stored.Origin.Source, 255)} {Name(s.ProviderName, 48)} {Name(s.ProcessId?.ToString(CultureInfo.InvariantCulture), 128)} {Name(s.EventId?.ToString(CultureInfo.InvariantCulture), 32)} - ")));
        message.Write((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]);
        EventLine.Write(message, stored, format);
        return message.WrittenSpan.ToArray();
    }

    // Printable ASCII without blanks; what is missing is a hyphen.
    private static string Name(string? text, int length)
    {
        var name = new string([.. (text ?? "").Take(length).Select(c => c is > ' ' and < (char)127 ? c : '_')]);
        return name.Length == 0 ? "-" : name;
    }
}

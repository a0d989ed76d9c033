using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Farwire.Collector.Store;
using Farwire.Events.Records;

namespace Farwire.Collector.Outputs;

/// <summary>Sends events as syslog messages over TCP or TLS.</summary>
/// <remarks>
/// RFC 5424, "Syslog Message Format"; RFC 6587, "Octet Counting"; RFC 5425. Syslog has no acknowledgement: an event counts as sent once the connection
/// took it.
/// </remarks>
/// <param name="host">The receiver.</param>
/// <param name="port">Its port: 6514 for TLS, 601 for TCP by custom.</param>
/// <param name="tls">Certificates are checked against the system's authorities, and the name against <paramref name="host"/>.</param>
/// <param name="format">What the message part holds.</param>
/// <param name="facility">The facility, 13 is audit.</param>
public sealed class SyslogOutput(string host, int port, bool tls, EventFormat format = EventFormat.Json, int facility = 13) : IEventOutput
{
    // Level 0 is told like information: it means "always", not "worst".
    private static readonly int[] Severities = [6, 2, 3, 4, 6, 7];

    private TcpClient? _client;
    private Stream? _stream;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var messages = new ArrayBufferWriter<byte>(events.Count * 1024);
        foreach (var stored in events)
        {
            var message = Message(stored);
            messages.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")));
            messages.Write(message);
        }

        try
        {
            var stream = _stream ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(messages.WrittenMemory, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            return [];
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw new OutputException($"{host}:{port} does not take syslog: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        _client?.Dispose();
        (_stream, _client) = (null, null);
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

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        _client = new TcpClient { NoDelay = true };
        await _client.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        if (!tls)
        {
            return _client.GetStream();
        }

        var secure = new SslStream(_client.GetStream());
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken).ConfigureAwait(false);
        return secure;
    }
}

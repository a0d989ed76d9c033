using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Farwire.Linux.Journal;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Syslog;

/// <summary>Puts messages of syslog into the journal: kept, numbered, searched and forwarded they are like all else that this machine logs.</summary>
/// <remarks>systemd.journal-fields(7). What the sender claims stands in fields that <see cref="Journal.JournalFields"/> believes only of this service's own account.</remarks>
internal sealed class SyslogJournal(JournalWriter journal, TimeProvider time, ILogger logger)
{
    /// <summary>The field that says by which protocol a message came.</summary>
    public const string Transport = "FARWIRE_SYSLOG";

    /// <summary>The machine that a message is of.</summary>
    public const string Host = "FARWIRE_HOST";

    /// <summary>When it happened there: microseconds since 1970.</summary>
    public const string HappenedAt = "FARWIRE_TIME";

    /// <summary>The structured data, as they were written.</summary>
    public const string Data = "SYSLOG_STRUCTURED_DATA";

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    private int _isTroubled;

    /// <summary>Keeps a message. Waits while the journal takes nothing, and with it who sends.</summary>
    public async ValueTask KeepAsync(ReadOnlyMemory<byte> raw, IPAddress sender, SyslogTransport transport, CancellationToken cancellationToken)
    {
        var message = SyslogParser.Read(raw, time.GetUtcNow());
        (string, byte[])[] fields =
        [
            ("MESSAGE", message.Text.ToArray()),
            ("PRIORITY", Bytes(message.Severity)),
            ("SYSLOG_FACILITY", Bytes(message.Facility)),
            (Transport, Bytes(transport.ToString().ToLowerInvariant())),
            ("FARWIRE_SENDER", Bytes(sender.ToString())),
            (Host, Bytes(message.Host ?? sender.ToString())),
            .. Given("SYSLOG_IDENTIFIER", message.Application),
            .. Given("SYSLOG_PID", message.ProcessId),
            .. Given("SYSLOG_MSGID", message.MessageId),
            .. Given(Data, message.Data),
            .. message.Time is { } happened ? Given(HappenedAt, ((happened - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture)) : [],
        ];
        while (true)
        {
            try
            {
                journal.Write(fields);
                Interlocked.Exchange(ref _isTroubled, 0);
                return;
            }
            catch (SocketException e)
            {
                if (Interlocked.Exchange(ref _isTroubled, 1) == 0)
                {
                    Log.SyslogNotKept(logger, e);
                }

                await Task.Delay(BeforeNextTry, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static (string, byte[])[] Given(string name, string? value) => string.IsNullOrEmpty(value) ? [] : [(name, Bytes(value))];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Bytes(int number) => Bytes(number.ToString(CultureInfo.InvariantCulture));
}

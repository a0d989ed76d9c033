using System.Globalization;

namespace Farwire.Linux.Journal;

/// <summary>An entry of the journal.</summary>
/// <param name="Number">journald's own count.</param>
/// <param name="Time">When journald took it.</param>
/// <param name="Cursor">Its place.</param>
/// <remarks>systemd.journal-fields(7). Of a field that is not there the value is null.</remarks>
public sealed record JournalEntry(ulong Number, DateTimeOffset Time, string Cursor)
{
    /// <summary>The text.</summary>
    public string? Message { get; private init; }

    /// <summary>What kind of message it is: 128 bits in hexadecimal.</summary>
    public string? MessageId { get; private init; }

    /// <summary>From 0, the worst, to 7.</summary>
    public int Priority { get; private init; }

    /// <summary>Who speaks.</summary>
    public string? Identifier { get; private init; }

    /// <summary>The unit it comes from.</summary>
    public string? Unit { get; private init; }

    /// <summary>How it came: <c>kernel</c>, <c>syslog</c>, <c>journal</c>, <c>stdout</c>, <c>audit</c>.</summary>
    public string? Transport { get; private init; }

    /// <summary>The facility of syslog.</summary>
    public int? Facility { get; private init; }

    /// <summary>The process.</summary>
    public uint? ProcessId { get; private init; }

    /// <summary>The account.</summary>
    public uint? UserId { get; private init; }

    /// <summary>The machine.</summary>
    public string? HostName { get; private init; }

    /// <summary>When it happened, where the sender said so.</summary>
    public DateTimeOffset? SourceTime { get; private init; }

    /// <summary>The entry at which <paramref name="reader"/> stands.</summary>
    public static JournalEntry At(JournalReader reader) => new(reader.Number, reader.Time, reader.Cursor)
    {
        Message = reader["MESSAGE"],
        MessageId = reader["MESSAGE_ID"],
        Priority = (int?)Parse(reader["PRIORITY"]) ?? 6,
        Identifier = reader["SYSLOG_IDENTIFIER"] ?? reader["_COMM"],
        Unit = reader["_SYSTEMD_UNIT"],
        Transport = reader["_TRANSPORT"],
        Facility = (int?)Parse(reader["SYSLOG_FACILITY"]),
        ProcessId = Parse(reader["_PID"]),
        UserId = Parse(reader["_UID"]),
        HostName = reader["_HOSTNAME"],
        SourceTime = long.TryParse(reader["_SOURCE_REALTIME_TIMESTAMP"], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond) : null,
    };

    private static uint? Parse(string? text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

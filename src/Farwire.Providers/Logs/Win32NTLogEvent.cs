using System.Globalization;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Accounts;
using Farwire.Linux.Journal;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Logs;

/// <summary>Win32_NTLogEvent: the journal as three logs, the newest event first. Numbers are journald's own, and go over all three.</summary>
internal static class Win32NTLogEvent
{
    public const string Application = "Application";
    public const string Security = "Security";
    public const string System = "System";

    private const int Authentication = 4;         // the facilities of syslog(3)
    private const int PrivateAuthentication = 10;
    private const int FirstEventCode = 40_000;    // below are those that Windows' own components use

    public static ICimProvider Over(CimSchema schema) => new CimTable<JournalEntry>(schema, "Win32_NTLogEvent", Rows)
    {
        Follow = JournalArrivals.Follow,
        Find = (keys, _) => ValueTask.FromResult(
            uint.TryParse(keys[Array.IndexOf(KeyNames(schema), "RecordNumber")], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && JournalTable.Find(number) is { } entry && LogOf(entry).Equals(keys[Array.IndexOf(KeyNames(schema), "Logfile")], StringComparison.OrdinalIgnoreCase)
                ? entry : null),
        ["Category"] = _ => 0u,
        ["ComputerName"] = e => e.HostName,
        ["EventCode"] = e => CodeOf(e),
        ["EventIdentifier"] = e => CodeOf(e),
        ["EventType"] = e => TypeOf(e).Number,
        ["InsertionStrings"] = e => e.Message is null ? default : (CimValue)new[] { e.Message },
        ["Logfile"] = e => LogOf(e),
        ["Message"] = e => e.Message,
        ["RecordNumber"] = e => (uint)e.Number,
        ["SourceName"] = e => e.Identifier ?? e.Transport,
        ["TimeGenerated"] = e => new CimDateTime(e.SourceTime ?? e.Time),
        ["TimeWritten"] = e => new CimDateTime(e.Time),
        ["Type"] = e => TypeOf(e).Name,
        ["User"] = e => e.UserId is { } id ? AccountDirectory.Find(id)?.Name ?? id.ToString(CultureInfo.InvariantCulture) : null,
    };

    /// <summary>The log that an entry belongs to.</summary>
    public static string LogOf(JournalEntry entry) =>
        entry.Facility is Authentication or PrivateAuthentication ? Security
        : entry.Transport == "kernel" || (entry.Unit is { } unit && (unit == "init.scope" || (unit.EndsWith(".service", StringComparison.Ordinal) && !unit.StartsWith("user@", StringComparison.Ordinal)))) ? System
        : Application;

    /// <summary>The matches that choose more than the log, and never less.</summary>
    public static IEnumerable<string> MatchesOf(string? log) => Security.Equals(log, StringComparison.OrdinalIgnoreCase)
        ? [$"SYSLOG_FACILITY={Authentication}", $"SYSLOG_FACILITY={PrivateAuthentication}"]
        : [];

    private static IEnumerable<JournalEntry> Rows(CimNeed need)
    {
        var log = need.Fixed("Logfile");
        return JournalTable.Read(need.Since("TimeWritten") ?? need.Since("TimeGenerated"), MatchesOf(log)).Where(e => log is null || LogOf(e).Equals(log, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] KeyNames(CimSchema schema) => [.. schema.Find("Win32_NTLogEvent")!.Keys.Select(k => k.Name)];

    // journald tells kinds of messages by 128 bits, Windows by 16; a message without a kind has none here either.
    private static uint CodeOf(JournalEntry entry) =>
        entry.MessageId is { Length: 32 } id && uint.TryParse(id.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
            ? FirstEventCode + (bits % (65_536 - FirstEventCode)) : 0;

    private static (uint Number, string Name) TypeOf(JournalEntry entry) => entry.Priority switch
    {
        <= 3 => (1, "Error"),
        4 => (2, "Warning"),
        _ => (3, "Information"),
    };
}

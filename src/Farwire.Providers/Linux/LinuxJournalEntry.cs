using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Linux.Journal;
using Farwire.Providers.Contract;
using Farwire.Providers.Logs;

namespace Farwire.Providers.Linux;

/// <summary>Linux_JournalEntry: the journal, the newest entry first. Priority, process, user and the earliest time of a query choose in the journal itself.</summary>
internal static class LinuxJournalEntry
{
    // Numbers have one spelling; text is compared without regard to case, which the journal knows.
    private static readonly (string Property, string Field)[] Indexed = [("Priority", "PRIORITY"), ("ProcessId", "_PID"), ("UserId", "_UID")];

    public static ICimProvider Over(CimSchema schema) => new CimTable<JournalEntry>(schema, "Linux_JournalEntry", Rows)
    {
        Follow = JournalArrivals.Follow,
        ["Caption"] = e => $"{e.Identifier}: {e.Message}",
        ["Cursor"] = e => e.Cursor,
        ["HostName"] = e => e.HostName,
        ["Identifier"] = e => e.Identifier,
        ["Message"] = e => e.Message,
        ["MessageId"] = e => e.MessageId,
        ["Number"] = e => e.Number,
        ["Priority"] = e => (uint)e.Priority,
        ["ProcessId"] = e => e.ProcessId is { } id ? id : default(CimValue),
        ["Time"] = e => new CimDateTime(e.Time),
        ["Transport"] = e => e.Transport,
        ["Unit"] = e => e.Unit,
        ["UserId"] = e => e.UserId is { } id ? id : default(CimValue),
    };

    private static IEnumerable<JournalEntry> Rows(CimNeed need) =>
        JournalTable.Read(need.Since("Time"), Indexed.Where(i => need.Fixed(i.Property) is not null).Select(i => $"{i.Field}={need.Fixed(i.Property)}"));
}

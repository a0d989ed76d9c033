using Farwire.Linux.Journal;

namespace Farwire.Providers.Logs;

/// <summary>New entries of the journal as rows that come.</summary>
internal static class JournalArrivals
{
    private const int MostAtOnce = 1000; // what is beyond comes the next time

    public static (Func<IReadOnlyList<JournalEntry>> Take, IDisposable End)? Follow() =>
        JournalTail.TryOpen() is { } tail ? (() => tail.Take(MostAtOnce), tail) : null;
}

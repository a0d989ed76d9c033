namespace Farwire.Linux.Journal;

/// <summary>The entries of the journal, the newest first. Without a journal there are none.</summary>
public static class JournalTable
{
    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="since">Ends before the first that journald took earlier; null reads all.</param>
    /// <param name="matches">Only those with these fields; see <see cref="JournalReader.Match"/>.</param>
    public static IEnumerable<JournalEntry> Read(DateTimeOffset? since, params IEnumerable<string> matches)
    {
        using var reader = JournalReader.TryOpen();
        if (reader is null)
        {
            yield break;
        }

        foreach (var match in matches)
        {
            reader.Match(match);
        }

        reader.ToTail();
        while (reader.Previous())
        {
            var entry = JournalEntry.At(reader);
            if (entry.Time < since)
            {
                yield break;
            }

            yield return entry;
        }
    }

    /// <summary>The entry with this number; null when it is gone.</summary>
    public static JournalEntry? Find(ulong number)
    {
        using var reader = JournalReader.TryOpen();
        return reader is not null && reader.ToNumber(number) ? JournalEntry.At(reader) : null;
    }
}

namespace Farwire.Linux.Journal;

/// <summary>The entries that come to the journal from the moment on that it was opened.</summary>
public sealed class JournalTail : IDisposable
{
    private readonly JournalReader _reader;

    private JournalTail(JournalReader reader) => _reader = reader;

    /// <summary>Opens the journal of this machine at its end; null where there is none, or it is not for us.</summary>
    public static JournalTail? TryOpen()
    {
        if (JournalReader.TryOpen() is not { } reader)
        {
            return null;
        }

        // An empty journal has no last entry: what comes to it is all there is.
        reader.ToTail();
        if (!reader.Previous())
        {
            reader.ToHead();
        }

        return new JournalTail(reader);
    }

    /// <summary>What has come since the last time, the oldest first, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<JournalEntry> Take(int most)
    {
        _reader.Wait(TimeSpan.Zero); // takes in files that came and went
        var entries = new List<JournalEntry>();
        while (entries.Count < most && _reader.Next())
        {
            entries.Add(JournalEntry.At(_reader));
        }

        return entries;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}

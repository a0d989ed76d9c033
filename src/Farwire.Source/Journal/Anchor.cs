namespace Farwire.Source.Journal;

/// <summary>A place in the journal where every channel's count is known.</summary>
/// <param name="Total">Entries counted up to here, this one included.</param>
/// <param name="Cursor">The entry; null before the first.</param>
/// <param name="Time">When journald took it.</param>
/// <param name="Rules">The rules by which entries behind it are counted.</param>
/// <param name="Counts">The number of the last event of each channel; a channel that had none is not there.</param>
internal sealed record Anchor(long Total, string? Cursor, DateTimeOffset Time, int Rules, IReadOnlyDictionary<string, ulong> Counts)
{
    /// <summary>The number of the last event of <paramref name="channel"/>; 0 before the first.</summary>
    public ulong this[string channel] => Counts.GetValueOrDefault(channel);
}

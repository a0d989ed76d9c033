using Farwire.Source.Mapping;

namespace Farwire.Source.Journal;

/// <summary>Counts the events of every channel while a journal is walked, from an anchor on.</summary>
internal sealed class JournalCount(Anchor from)
{
    private readonly Dictionary<string, ulong> _counts = new(from.Counts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Entries counted in all.</summary>
    public long Total { get; private set; } = from.Total;

    /// <summary>The number of the last event of <paramref name="channel"/>.</summary>
    public ulong this[string channel] => _counts.GetValueOrDefault(channel);

    /// <summary>Counts an entry of <paramref name="channel"/>.</summary>
    public void Add(string channel, EventRules rules)
    {
        Total++;
        _counts[channel] = this[channel] + 1;
        foreach (var alias in rules.AliasesOf(channel))
        {
            _counts[alias] = this[alias] + 1;
        }
    }

    /// <summary>Takes the counts of an anchor that was reached: they are the truth when entries went away under way.</summary>
    public void Take(Anchor anchor)
    {
        Total = anchor.Total;
        foreach (var (channel, count) in anchor.Counts)
        {
            _counts[channel] = count;
        }
    }

    /// <summary>Takes as many off as <paramref name="other"/> counted.</summary>
    public void TakeOff(JournalCount other)
    {
        Total -= other.Total;
        foreach (var (channel, count) in other._counts)
        {
            _counts[channel] = Math.Max(this[channel], count) - count;
        }
    }

    /// <summary>An anchor at the entry that was counted last.</summary>
    public Anchor At(string cursor, DateTimeOffset time, int rules) => new(Total, cursor, time, rules, new Dictionary<string, ulong>(_counts, StringComparer.OrdinalIgnoreCase));
}

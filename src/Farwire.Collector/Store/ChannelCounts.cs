using System.Collections.Concurrent;

namespace Farwire.Collector.Store;

/// <summary>How many events have come from which channel.</summary>
internal sealed class ChannelCounts(Catalogue catalogue)
{
    // A source may name any channel: past this, names that were never seen are not kept.
    private const int MaxChannels = 4096;
    private const int MaxNameLength = 256;

    private readonly ConcurrentDictionary<string, long> _all = new(
        catalogue.ChannelCounts().Select(channel => KeyValuePair.Create(channel.Name, channel.Events)), StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, long> All => _all;

    /// <summary>The new counts of the channels that a block holds.</summary>
    public List<KeyValuePair<string, long>> With(IReadOnlyDictionary<string, long> block)
    {
        var counts = new List<KeyValuePair<string, long>>(block.Count);
        var room = MaxChannels - _all.Count;
        foreach (var (name, events) in block)
        {
            if (_all.TryGetValue(name, out var before) || (name.Length <= MaxNameLength && room-- > 0))
            {
                counts.Add(KeyValuePair.Create(name, before + events));
            }
        }

        return counts;
    }

    public void Commit(List<KeyValuePair<string, long>> counts)
    {
        foreach (var (name, events) in counts)
        {
            _all[name] = events;
        }
    }
}

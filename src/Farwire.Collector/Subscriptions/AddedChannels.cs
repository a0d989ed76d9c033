using System.Text.Json;
using System.Text.Json.Serialization;
using Farwire.Events.Queries;
using Farwire.Events.Subscriptions;
using Microsoft.Extensions.Logging;

namespace Farwire.Collector.Subscriptions;

/// <summary>Which channels a subscription began with, and which were added when.</summary>
/// <remarks>
/// A source that is sent a bookmark replays every channel which the bookmark does not name from its very beginning, whatever ReadExistingEvents says: a
/// channel that is added to a query would flood the collector. So channels that come later travel in a companion, <c>NAME#2</c>, with a bookmark of its
/// own. A subscription that wants existing events wants them of new channels too, and has none.
/// </remarks>
internal sealed class AddedChannels(ISubscriptionShelf shelf, Func<string, bool> hasBegun, ILogger logger)
{
    private const int MaxParts = 16;

    private Dictionary<string, List<List<string>>>? _known;

    /// <summary>The subscription in its parts: itself first, with the channels it began with. Most have one part, as they were written.</summary>
    public IReadOnlyList<SubscriptionDefinition> PartsOf(SubscriptionDefinition subscription, Func<string, bool> isTaken)
    {
        if (subscription.ReadExistingEvents || QueryOf(subscription) is not { } query)
        {
            return [subscription];
        }

        var parts = Update(subscription.Id, query.Channels);
        if (parts.Count == 1)
        {
            return [subscription];
        }

        var result = new List<SubscriptionDefinition>(parts.Count);
        for (var (i, number) = (0, 1); i < parts.Count; i++, number++)
        {
            while (i > 0 && isTaken($"{subscription.Id}#{number}"))
            {
                number++; // somebody's own subscription has the name
            }

            if (query.About(parts[i].ToHashSet(StringComparer.OrdinalIgnoreCase)) is { } xml)
            {
                result.Add(i == 0 ? subscription with { Query = xml } : subscription with { Id = $"{subscription.Id}#{number}", CompanionOf = subscription.Id, Query = xml });
            }
        }

        return result;
    }

    /// <summary>Forgets subscriptions that are no more, and keeps the rest over restarts.</summary>
    public void Save(IReadOnlyCollection<string> subscriptions)
    {
        foreach (var gone in Known.Keys.Except(subscriptions, StringComparer.OrdinalIgnoreCase).ToList())
        {
            Known.Remove(gone);
        }

        var json = JsonSerializer.Serialize(Known, ChannelsJson.Default.DictionaryStringListListString);
        if (json != shelf.ReadChannels())
        {
            shelf.WriteChannels(json);
        }

        _known = null; // another node may change it
    }

    private Dictionary<string, List<List<string>>> Known => _known ??= new(
        shelf.ReadChannels() is { } json ? JsonSerializer.Deserialize(json, ChannelsJson.Default.DictionaryStringListListString) ?? [] : [], StringComparer.OrdinalIgnoreCase);

    private List<List<string>> Update(string id, IReadOnlyCollection<string> channels)
    {
        var parts = Known.TryGetValue(id, out var known) && hasBegun(id) ? known : [[.. channels]];

        // A channel that was taken away and comes back is a new one. Places stay: they are in the names of companions.
        parts.ForEach(part => part.RemoveAll(channel => !channels.Contains(channel, StringComparer.OrdinalIgnoreCase)));
        var added = channels.Except(parts.SelectMany(part => part), StringComparer.OrdinalIgnoreCase).ToList();
        if (added.Count > 0 && parts.Count < MaxParts)
        {
            parts.Add(added);
            Log.ChannelsAdded(logger, id, string.Join(", ", added), parts.Count);
        }
        else if (added.Count > 0)
        {
            parts[^1].AddRange(added);
            Log.ChannelsReplayed(logger, id, string.Join(", ", added));
        }

        return Known[id] = parts;
    }

    private static EventQuery? QueryOf(SubscriptionDefinition subscription)
    {
        try
        {
            return EventQuery.Parse(subscription.Query);
        }
        catch (EventQueryException)
        {
            return null; // of another dialect: it says nothing of channels
        }
    }
}

[JsonSerializable(typeof(Dictionary<string, List<List<string>>>))]
internal sealed partial class ChannelsJson : JsonSerializerContext;

using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Farwire.Events.Bookmarks;
using Farwire.Events.Records;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Sources;

/// <summary>What a batch shows and nobody says: records that are missing, a log that was cleared, events of computers that are not the source.</summary>
/// <param name="Missing">Records between the last that came and those of the batch, in channels of which every event is wanted.</param>
/// <param name="Cleared">Times that the numbers of a channel began anew, or that an event says so.</param>
/// <param name="Strange">Events whose Computer is another machine than the one that proved itself.</param>
/// <remarks>The protocol tells of no gap: a source whose log wraps before it could deliver loses events in silence.</remarks>
internal readonly record struct BatchFindings(long Missing, int Cleared, int Strange)
{
    private static readonly ConditionalWeakTable<SubscriptionDefinition, HashSet<string>> Unfiltered = [];

    /// <summary>Looks at a batch that follows a bookmark.</summary>
    public static BatchFindings Of(SubscriptionDefinition subscription, string source, string? bookmark, IReadOnlyList<EventRecord> records)
    {
        var places = bookmark is null ? null : BookmarkList.Read(bookmark)?.Channels.ToDictionary(c => c.Channel, c => c.RecordId, StringComparer.OrdinalIgnoreCase);
        var (missing, cleared, strange) = (0L, 0, 0);
        var host = HostOf(source);
        foreach (var record in records)
        {
            var system = record.System;
            strange += host is not null && system.Computer is { Length: > 0 } computer && !Label(computer).Equals(host, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            cleared += SaysCleared(system) ? 1 : 0;
            if (places is null || system.Channel is not { } channel || system.RecordId is not { } id || !places.TryGetValue(channel, out var last))
            {
                continue;
            }

            if (id > last + 1 && EveryEventOf(subscription).Contains(channel))
            {
                missing += (long)(id - last - 1);
            }
            else if (id < last && !EndsAt(records, channel, last))
            {
                cleared++;
            }

            places[channel] = id;
        }

        return new BatchFindings(missing, cleared, strange);
    }

    // A batch whose acknowledgement was lost comes again: it ends where the bookmark is.
    private static bool EndsAt(IReadOnlyList<EventRecord> records, string channel, ulong last) =>
        records.LastOrDefault(r => channel.Equals(r.System.Channel, StringComparison.OrdinalIgnoreCase))?.System.RecordId == last;

    // "The audit log was cleared" and "the log file was cleared".
    private static bool SaysCleared(EventSystem system) =>
        system is { ProviderName: "Microsoft-Windows-Eventlog", EventId: 1102 or 104 };

    // host$@REALM, HTTP/host.example@REALM and host.example name a machine; anything else is somebody, who may send for whom he likes.
    private static string? HostOf(string source)
    {
        var name = source.Split('@')[0];
        var slash = name.LastIndexOfAny(['/', '\\']);
        var host = name[(slash + 1)..];
        return host.EndsWith('$') ? Label(host[..^1]) : host.Contains('.', StringComparison.Ordinal) || slash > 0 && name[slash] == '/' ? Label(host) : null;
    }

    private static string Label(string name) => name.Split('.')[0];

    private static HashSet<string> EveryEventOf(SubscriptionDefinition subscription) => Unfiltered.GetValue(subscription, static s =>
    {
        var channels = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var list = XElement.Parse(s.Query);
            string? PathOf(XElement select) => ((string?)select.Attribute("Path") ?? (string?)select.Parent?.Attribute("Path"))?.Trim();
            channels.UnionWith(list.Descendants("Select").Where(select => select.Value.Trim() == "*").Select(PathOf).OfType<string>());
            channels.ExceptWith(list.Descendants("Suppress").Select(PathOf).OfType<string>());
        }
        catch (System.Xml.XmlException)
        {
            // A query of another dialect says nothing of channels.
        }

        return channels;
    });
}

using System.Globalization;
using Farwire.Source.Syslog;

namespace Farwire.Source.Mapping;

/// <summary>What a machine's log becomes: which channel, which number, which keywords. Immutable; safe for several threads.</summary>
/// <remarks>
/// Every property is that of the first rule that fits and says it, so that a rule of the user adds to the built-in ones or stands before them. The
/// channel never depends on anything but the entry: whoever counts a channel's events later gets the same numbers.
/// </remarks>
public sealed class EventRules
{
    private readonly EventRule[] _rules;
    private readonly EventRule[] _channelRules;
    private readonly Dictionary<string, string[]> _aliases;

    internal EventRules(string text, IReadOnlyList<EventRule> rules, IReadOnlyDictionary<string, IReadOnlyList<string>> aliases, IReadOnlyDictionary<string, string> descriptors)
    {
        Text = text;
        Descriptors = descriptors;
        _rules = [.. rules];
        _channelRules = [.. rules.Where(rule => rule.Channel is not null)];
        var own = rules.Select(rule => rule.Channel).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        _aliases = own.ToDictionary(channel => channel, channel => aliases.Where(a => a.Value.Contains(channel, StringComparer.OrdinalIgnoreCase)).Select(a => a.Key).ToArray(), StringComparer.OrdinalIgnoreCase);
        Channels = [.. own.Concat(aliases.Keys)];
        ChannelFields = _channelRules.SelectMany(rule => rule.Fields).Concat([SyslogJournal.Transport, SyslogJournal.Data, "_UID"]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The rules that hold when nobody wrote any.</summary>
    public static EventRules Default { get; } = EventRuleFile.Read("");

    /// <summary>The rules as they were written, built-in ones behind: what <see cref="EventRuleFile.Parse"/> reads again.</summary>
    public string Text { get; }

    /// <summary>All channels, other names included.</summary>
    public IReadOnlyList<string> Channels { get; }

    /// <summary>Security descriptors that the user gave to channels.</summary>
    public IReadOnlyDictionary<string, string> Descriptors { get; }

    /// <summary>The fields that decide about the channel.</summary>
    internal IReadOnlySet<string> ChannelFields { get; }

    /// <summary>The channel of an entry; needs only the <see cref="ChannelFields"/>.</summary>
    public string ChannelOf(LogFields log)
    {
        foreach (var rule in _channelRules)
        {
            if (rule.Fits(log, null))
            {
                return rule.Channel!;
            }
        }

        throw new InvalidOperationException("The built-in rules end with one that fits everything.");
    }

    /// <summary>Other names under which a channel's events are found as well.</summary>
    public IReadOnlyList<string> AliasesOf(string channel) => _aliases[channel];

    /// <summary>What an entry becomes.</summary>
    public EventKind KindOf(LogFields log)
    {
        string? channel = null, eventId = null, provider = null;
        ulong? keywords = null;
        int? level = null;
        bool? passes = null;
        var data = new List<KeyValuePair<string, string>>();
        foreach (var rule in _rules)
        {
            if (!rule.Fits(log, data))
            {
                continue;
            }

            channel ??= rule.Channel;
            eventId ??= rule.EventId;
            provider ??= rule.Provider;
            keywords ??= rule.Keywords;
            level ??= rule.Level;
            passes ??= rule.PassesThrough;
        }

        return new EventKind(channel!, NumberOf(eventId, log), keywords ?? EventKind.Classic) { Level = level, Provider = provider, PassesThrough = passes ?? false, Data = data };
    }

    // $FIELD is the field's number. What no rule numbers is numbered by its kind of message, far from the numbers of others, or 0.
    private static ushort NumberOf(string? written, LogFields log)
    {
        var text = written is ['$', .. var field] ? log[field] : written;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        if (log["MESSAGE_ID"] is not { Length: > 0 } kind)
        {
            return 0;
        }

        var hash = 2166136261u; // FNV-1a
        foreach (var c in kind)
        {
            hash = (hash ^ char.ToLowerInvariant(c)) * 16777619u;
        }

        return (ushort)(40000 + (hash % 25536));
    }
}

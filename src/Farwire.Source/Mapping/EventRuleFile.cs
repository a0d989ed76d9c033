using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Farwire.Source.Mapping;

/// <summary>Rules in YAML: those of the user first, the built-in ones behind.</summary>
/// <remarks>YAML 1.2. Every document may hold <c>rules</c>, <c>aliases</c> and <c>channels</c>; a word that means nothing here is refused with its line.</remarks>
public static class EventRuleFile
{
    /// <summary>Characters of a file.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Channels of a machine: as many as one query may name.</summary>
    public const int MaxChannels = 256;

    private const string Separator = "\n---\n";

    private static readonly string BuiltIn = ReadBuiltIn();

    private static readonly Dictionary<string, ulong> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["classic"] = EventKind.Classic,
        ["audit-success"] = EventKind.Classic | EventKind.AuditSuccess,
        ["audit-failure"] = EventKind.Classic | EventKind.AuditFailure,
    };

    /// <summary>The rules of a user with the built-in ones behind them.</summary>
    /// <exception cref="EventRuleException">It is not a file of rules; the message says where and why.</exception>
    public static EventRules Read(string text) => Parse(text.Trim().Length == 0 ? BuiltIn : text.TrimEnd() + Separator + BuiltIn);

    /// <summary>Rules as <see cref="EventRules.Text"/> has them.</summary>
    /// <exception cref="EventRuleException">It is not a file of rules; the message says where and why.</exception>
    public static EventRules Parse(string text)
    {
        // rules:    - when: {FIELD: value or [values]}  matches: {FIELD: pattern}
        //             channel  eventId: number or $FIELD  level: 0-5  keywords  provider  passThrough
        // aliases:  {Name: [channels]}
        // channels: {Name: {security: SDDL}}
        if (text.Length > MaxLength)
        {
            throw new EventRuleException(0, $"the rules have {text.Length} characters; at most {MaxLength} are taken.");
        }

        var rules = new List<EventRule>();
        var aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        var descriptors = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            foreach (var (key, value) in yaml.Documents.SelectMany(document => Pairs(document.RootNode)))
            {
                switch (Text(key))
                {
                    case "rules": rules.AddRange(Items(value).Select(Rule)); break;
                    case "aliases": Add(aliases, Pairs(value).Select(pair => (pair.Key, (IReadOnlyList<string>)Texts(pair.Value)))); break;
                    case "channels": Add(descriptors, Pairs(value).Select(pair => (pair.Key, Descriptor(pair.Value)))); break;
                    default: throw Wrong(key, $"'{Text(key)}' is none of rules, aliases and channels.");
                }
            }
        }
        catch (YamlException e)
        {
            throw new EventRuleException(e.Start.Line, e.InnerException?.Message ?? e.Message);
        }

        return Checked(new EventRules(text, rules, aliases, descriptors), rules, aliases);
    }

    private static EventRules Checked(EventRules all, List<EventRule> rules, Dictionary<string, IReadOnlyList<string>> aliases)
    {
        var own = rules.Select(rule => rule.Channel).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (alias, channels) in aliases)
        {
            if (own.Contains(alias))
            {
                throw new EventRuleException(0, $"'{alias}' is a channel of a rule; an alias is another name for channels of rules.");
            }

            if (channels.FirstOrDefault(channel => !own.Contains(channel)) is { } unknown)
            {
                throw new EventRuleException(0, $"the alias '{alias}' names '{unknown}', into which no rule puts anything; there are {string.Join(", ", own)}.");
            }
        }

        return all.Channels.Count > MaxChannels ? throw new EventRuleException(0, $"{all.Channels.Count} channels are named; at most {MaxChannels} can be.")
            : all.Descriptors.Keys.FirstOrDefault(channel => !all.Channels.Contains(channel, StringComparer.OrdinalIgnoreCase)) is { } stranger ? throw new EventRuleException(0, $"there is no channel '{stranger}'.")
            : all;
    }

    private static EventRule Rule(YamlNode node)
    {
        var rule = new EventRule { When = [], Matches = [] };
        foreach (var (key, value) in Pairs(node))
        {
            rule = Text(key) switch
            {
                "when" => rule with { When = [.. Pairs(value).Select(pair => (Text(pair.Key), (IReadOnlyList<string>)Texts(pair.Value)))] },
                "matches" => rule with { Matches = [.. Pairs(value).Select(pair => (Text(pair.Key), Pattern(pair.Value)))] },
                "channel" => rule with { Channel = Channel(value) },
                "eventId" => rule with { EventId = EventId(value) },
                "level" => rule with { Level = int.TryParse(Text(value), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level <= 5 ? level : throw Wrong(value, "a level is a number from 0 to 5.") },
                "keywords" => rule with { Keywords = Keywords.TryGetValue(Text(value), out var bits) ? bits : throw Wrong(value, $"keywords are {string.Join(", ", Keywords.Keys)}, not '{Text(value)}'.") },
                "provider" => rule with { Provider = Text(value) },
                "passThrough" => rule with { PassesThrough = bool.TryParse(Text(value), out var passes) ? passes : throw Wrong(value, "passThrough is true or false.") },
                var other => throw Wrong(key, $"'{other}' is none of when, matches, channel, eventId, level, keywords, provider and passThrough."),
            };
        }

        return rule;
    }

    // The pattern's time is bounded by its form: it never goes back.
    private static Regex Pattern(YamlNode node)
    {
        try
        {
            return new Regex(Text(node), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Wrong(node, $"this pattern cannot be used: {e.Message}");
        }
    }

    private static string Channel(YamlNode node) => Text(node) is { Length: > 0 and <= 255 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_' or '.' or ' ')
        ? name : throw Wrong(node, "a channel's name is made of letters, digits, blanks and - / _ . ");

    private static string EventId(YamlNode node) => Text(node) is var text && (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) || text is ['$', _, ..])
        ? text : throw Wrong(node, $"an event's number is from 0 to 65535, or $FIELD; not '{text}'.");

    private static string Descriptor(YamlNode node) => Pairs(node).ToList() is [var (key, value)] && Text(key) == "security"
        ? Text(value) : throw Wrong(node, "a channel has one setting: security.");

    private static void Add<T>(Dictionary<string, T> all, IEnumerable<(YamlNode Name, T Value)> more)
    {
        foreach (var (name, value) in more)
        {
            if (!all.TryAdd(Channel(name), value))
            {
                throw Wrong(name, $"'{Text(name)}' stands here twice.");
            }
        }
    }

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Pairs(YamlNode node) => node switch
    {
        YamlMappingNode mapping => mapping.Children,
        YamlScalarNode { Value: null or "" } => [],
        _ => throw Wrong(node, "names with values are expected here."),
    };

    private static IEnumerable<YamlNode> Items(YamlNode node) => node switch
    {
        YamlSequenceNode sequence => sequence.Children,
        YamlScalarNode { Value: null or "" } => [],
        _ => throw Wrong(node, "a list is expected here, each entry with '- '."),
    };

    private static string[] Texts(YamlNode node) => node is YamlSequenceNode list ? [.. list.Select(Text)] : [Text(node)];

    private static string Text(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Wrong(node, "a single value is expected here.");

    private static EventRuleException Wrong(YamlNode node, string reason) => new(node.Start.Line, reason);

    private static string ReadBuiltIn()
    {
        using var stream = typeof(EventRuleFile).Assembly.GetManifestResourceStream("rules.yaml")!;
        return new StreamReader(stream).ReadToEnd();
    }
}

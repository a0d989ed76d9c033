using System.Xml;
using System.Xml.Linq;
using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>One Select or Suppress of a list.</summary>
/// <param name="Query">The number of its Query in the list, from 1.</param>
/// <param name="Channel">The channel it is about.</param>
/// <param name="Suppresses">It takes events away.</param>
/// <param name="Filter">Which events.</param>
public sealed record EventQueryRule(int Query, string Channel, bool Suppresses, EventFilter Filter);

/// <summary>A <c>QueryList</c>: which events of which channels.</summary>
/// <remarks>
/// Windows Event Log, "Query Schema". The result is the union of the queries; within a query an event is taken when one Select takes it and no
/// Suppress does. Safe for several threads.
/// </remarks>
public sealed class EventQuery
{
    /// <summary>Channels that one list may name.</summary>
    public const int MaxChannels = 256;

    /// <summary>Selects and Suppresses that one list may hold.</summary>
    public const int MaxRules = 1024;

    private const int MaxCharacters = 4 * 1024 * 1024;

    private readonly Dictionary<string, Selection[]> _selections;

    private EventQuery(string xml, List<EventQueryRule> rules)
    {
        Xml = xml;
        Rules = rules;
        _selections = rules
            .GroupBy(rule => rule.Channel, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                channel => channel.Key,
                channel => channel.GroupBy(rule => rule.Query).Select(Selection.Of).ToArray(),
                StringComparer.OrdinalIgnoreCase);
        NeedsSystemOnly = rules.TrueForAll(rule => rule.Filter.NeedsSystemOnly);
    }

    /// <summary>The list as it was written.</summary>
    public string Xml { get; }

    /// <summary>Every Select and Suppress, in order.</summary>
    public IReadOnlyList<EventQueryRule> Rules { get; }

    /// <summary>The channels that are named.</summary>
    public IReadOnlyCollection<string> Channels => _selections.Keys;

    /// <summary>The list asks for nothing but System properties.</summary>
    public bool NeedsSystemOnly { get; }

    // <QueryList>
    //   <Query Id=""? Path=""?>
    //     <Select Path=""?>XPath</Select>+ <Suppress Path=""?>XPath</Suppress>*
    //   </Query>+
    // </QueryList>

    /// <summary>Reads and compiles a list.</summary>
    /// <exception cref="EventQueryException">It is not a list of queries; the message says where and why.</exception>
    public static EventQuery Parse(string xml, EventFilterOptions? options = null)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = MaxCharacters,
        };
        var rules = new List<EventQueryRule>();
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml.Trim()), settings);
            reader.MoveToContent();
            Demand(reader, "QueryList");
            reader.Read();
            var query = 0;
            string? channel = null;
            while (!reader.EOF)
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    reader.Read();
                }
                else if (reader.Depth == 1)
                {
                    Demand(reader, "Query");
                    query++;
                    channel = reader.GetAttribute("Path");
                    reader.Read();
                }
                else
                {
                    rules.Add(ReadRule(reader, query, channel, options));
                }
            }
        }
        catch (XmlException e)
        {
            throw new EventQueryException($"the query list is not well-formed XML: {e.Message}");
        }

        var list = new EventQuery(xml.Trim(), rules);
        return rules.Count == 0 ? throw new EventQueryException("the query list selects nothing.")
            : rules.Count > MaxRules ? throw new EventQueryException($"the query list has {rules.Count} selections; at most {MaxRules} are taken.")
            : list.Channels.Count > MaxChannels ? throw new EventQueryException($"the query list names {list.Channels.Count} channels; at most {MaxChannels} are taken.")
            : list;
    }

    /// <summary>Everything in these channels.</summary>
    public static EventQuery OfChannels(IEnumerable<string> channels)
    {
        var rules = channels.Select(channel => new EventQueryRule(1, channel, Suppresses: false, EventFilter.All)).ToList();
        return new EventQuery(
            $"<QueryList><Query Id=\"0\">{string.Concat(rules.Select(rule => $"<Select Path=\"{System.Security.SecurityElement.Escape(rule.Channel)}\">*</Select>"))}</Query></QueryList>", rules);
    }

    /// <summary>The part of the list that is about these channels; it may take nothing.</summary>
    public EventQuery Only(IReadOnlySet<string> channels) =>
        Channels.All(channels.Contains) ? this : new EventQuery(Xml, [.. Rules.Where(rule => channels.Contains(rule.Channel))]);

    /// <summary>What the list says of some channels alone, as XML; null when it says nothing of them.</summary>
    public string? About(IReadOnlySet<string> channels)
    {
        var queries = Rules.Where(rule => channels.Contains(rule.Channel)).GroupBy(rule => rule.Query).Select(query => new XElement(
            "Query",
            new XAttribute("Id", query.Key - 1),
            query.Select(rule => new XElement(rule.Suppresses ? "Suppress" : "Select", new XAttribute("Path", rule.Channel), rule.Filter.Text)))).ToList();
        return queries.Count == 0 ? null : new XElement("QueryList", queries).ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>True when the list takes the event.</summary>
    /// <param name="record">The event.</param>
    /// <param name="log">A log that the event is in as well, whatever its own channel: <c>ForwardedEvents</c>.</param>
    public bool Matches(EventRecord record, string? log = null) =>
        Takes(record.System.Channel, record, static (selection, record) => selection.Takes(record))
        || Takes(log, record, static (selection, record) => selection.Takes(record));

    /// <summary>True when the list takes an event with these properties; only for a list that <see cref="NeedsSystemOnly"/>.</summary>
    public bool Matches(EventSystem system, string? log = null) =>
        Takes(system.Channel, system, static (selection, system) => selection.Takes(system))
        || Takes(log, system, static (selection, system) => selection.Takes(system));

    private bool Takes<T>(string? channel, T subject, Func<Selection, T, bool> takes)
    {
        if (channel is not null && _selections.TryGetValue(channel, out var selections))
        {
            foreach (var selection in selections)
            {
                if (takes(selection, subject))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static EventQueryRule ReadRule(XmlReader reader, int query, string? channelOfQuery, EventFilterOptions? options)
    {
        var suppresses = reader.LocalName == "Suppress";
        if (!suppresses)
        {
            Demand(reader, "Select");
        }

        var channel = reader.GetAttribute("Path") ?? channelOfQuery
            ?? throw Wrong(reader, $"'{reader.LocalName}' names no channel: write Path=\"…\" at it or at its Query.");
        if (channel.StartsWith("file://", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(reader, $"'{channel}' is a saved log; a query that is forwarded reads channels only.");
        }

        return new EventQueryRule(query, channel.Trim(), suppresses, EventFilter.Parse(reader.ReadElementContentAsString().Trim(), options));
    }

    private static void Demand(XmlReader reader, string name)
    {
        if (reader.NodeType != XmlNodeType.Element || reader.LocalName != name)
        {
            throw Wrong(reader, $"'{reader.LocalName}' stands where '{name}' is expected.");
        }
    }

    private static EventQueryException Wrong(XmlReader reader, string problem) =>
        new(((IXmlLineInfo)reader).LineNumber is > 0 and var line ? $"line {line} of the query list: {problem}" : $"the query list: {problem}");

    /// <summary>What one Query says about one channel.</summary>
    private sealed class Selection(EventFilter[] selects, EventFilter[] suppresses)
    {
        public static Selection Of(IEnumerable<EventQueryRule> rules)
        {
            var all = rules.ToLookup(rule => rule.Suppresses, rule => rule.Filter);
            return new Selection([.. all[false]], [.. all[true]]);
        }

        public bool Takes(EventRecord record) =>
            Array.Exists(selects, filter => filter.Matches(record)) && !Array.Exists(suppresses, filter => filter.Matches(record));

        public bool Takes(EventSystem system) =>
            Array.Exists(selects, filter => filter.Matches(system)) && !Array.Exists(suppresses, filter => filter.Matches(system));
    }
}

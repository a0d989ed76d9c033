using System.Globalization;
using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>The filter form of the Event Viewer: what its fields say, as XPath and back. What a field does not say does not matter.</summary>
/// <remarks>Windows Event Viewer, "Filter Current Log".</remarks>
public sealed record FilterForm
{
    /// <summary>Written within this time before now.</summary>
    public TimeSpan? Last { get; init; }

    /// <summary>Written at this time or later, UTC.</summary>
    public DateTime? From { get; init; }

    /// <summary>Written at this time or before, UTC.</summary>
    public DateTime? To { get; init; }

    /// <summary>One of these levels.</summary>
    public IReadOnlyList<int> Levels { get; init; } = [];

    /// <summary>In one of these channels.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>By one of these providers.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>One of these identifiers, and none of those that are left out.</summary>
    public IReadOnlyList<EventIdRange> EventIds { get; init; } = [];

    /// <summary>One of these tasks.</summary>
    public IReadOnlyList<int> Tasks { get; init; } = [];

    /// <summary>One of these bits.</summary>
    public ulong? Keywords { get; init; }

    /// <summary>The SID of this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Of one of these machines.</summary>
    public IReadOnlyList<string> Computers { get; init; } = [];

    /// <summary>What the fields say, as XPath.</summary>
    /// <exception cref="EventQueryException">A name holds quotes of both kinds, which XPath cannot write.</exception>
    public string ToXPath()
    {
        // *[System[Provider[…] and (Level=…) and (EventID=…) and (Task=…) and band(Keywords,…) and Security[…] and (Channel=…) and (Computer=…) and TimeCreated[…]]]
        var terms = new List<string>();
        Add(Providers.Select(name => $"@Name={Quoted(name)}"), names => $"Provider[{names}]");
        Add(Levels.Select(level => Equal("Level", level)), Grouped);
        Add(EventIds.Where(range => !range.IsExcluded).Select(Wanted), Grouped);
        terms.AddRange(EventIds.Where(range => range.IsExcluded).Select(Unwanted));
        Add(Tasks.Select(task => Equal("Task", task)), Grouped);
        Add(Keywords is { } bits ? [bits] : Array.Empty<ulong>(), static text => $"band(Keywords,{text})");
        Add(UserId is { } sid ? [$"@UserID={Quoted(sid)}"] : Array.Empty<string>(), static text => $"Security[{text}]");
        Add(Channels.Select(name => $"Channel={Quoted(name)}"), Grouped);
        Add(Computers.Select(name => $"Computer={Quoted(name)}"), Grouped);
        var times = new[]
        {
            Last is { } last ? string.Create(CultureInfo.InvariantCulture, $"timediff(@SystemTime) <= {(long)last.TotalMilliseconds}") : "",
            From is { } from ? $"@SystemTime>='{EventTime.Format(from)}'" : "",
            To is { } to ? $"@SystemTime<='{EventTime.Format(to)}'" : "",
        };
        var time = string.Join(" and ", times.Where(text => text.Length > 0));
        if (time.Length > 0)
        {
            terms.Add($"TimeCreated[{time}]");
        }

        return terms.Count == 0 ? "*" : $"*[System[{string.Join(" and ", terms)}]]";

        void Add<T>(IEnumerable<T> choices, Func<string, string> write)
        {
            var all = string.Join(" or ", choices.Select(choice => string.Create(CultureInfo.InvariantCulture, $"{choice}")));
            if (all.Length > 0)
            {
                terms.Add(write(all));
            }
        }
    }

    /// <summary>The fields that say the same as an XPath; null when it says something for which the form has no field.</summary>
    /// <exception cref="EventQueryException">It is no XPath.</exception>
    public static FilterForm? FromXPath(string xpath) => FilterFormReader.Read(XPathParser.Parse(xpath));

    private static string Grouped(string text) => $"({text})";

    private static string Equal(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}={number}");

    private static string Wanted(EventIdRange range) => range.First == range.Last
        ? Equal("EventID", range.First)
        : string.Create(CultureInfo.InvariantCulture, $"(EventID>={range.First} and EventID<={range.Last})");

    private static string Unwanted(EventIdRange range) => range.First == range.Last
        ? string.Create(CultureInfo.InvariantCulture, $"EventID!={range.First}")
        : string.Create(CultureInfo.InvariantCulture, $"(EventID<{range.First} or EventID>{range.Last})");

    private static string Quoted(string text) =>
        !text.Contains('\'', StringComparison.Ordinal) ? $"'{text}'"
        : !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\""
        : throw new EventQueryException($"XPath cannot write a text with quotes of both kinds: {text}");
}

using System.Globalization;

namespace Farwire.Events.Queries;

/// <summary>Identifiers of events from one to another, wanted or left out.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
/// <param name="IsExcluded">These are left out.</param>
public sealed record EventIdRange(int First, int Last, bool IsExcluded = false)
{
    private const int MaxRanges = 100;

    /// <summary>Reads what the filter form of the Event Viewer takes: <c>1,3,5-99,-76</c>.</summary>
    /// <exception cref="EventQueryException">It is no such list.</exception>
    public static IReadOnlyList<EventIdRange> ParseList(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > MaxRanges
            ? throw new EventQueryException($"{parts.Length} event ids and ranges are too many; at most {MaxRanges} are taken.")
            : [.. parts.Select(Parse)];
    }

    /// <summary>The same as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsExcluded ? "-" : "")}{First}{(Last == First ? "" : $"-{Last}")}");

    private static EventIdRange Parse(string text)
    {
        var isExcluded = text[0] == '-';
        var numbers = (isExcluded ? text[1..] : text).Split('-', StringSplitOptions.TrimEntries);
        return numbers.Length is 1 or 2 && Number(numbers[0]) is { } first && Number(numbers[^1]) is { } last && first <= last
            ? new EventIdRange(first, last, isExcluded)
            : throw new EventQueryException($"'{text}' is no event id: write ids and ranges such as 1,3,5-99,-76, where a minus leaves ids out.");
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Globalization;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Microsoft.AspNetCore.Http;

namespace Farwire.Console.Events;

/// <summary>The fields of the filter as the browser sends and shows them.</summary>
internal static class FilterFields
{
    /// <summary>The spans to choose from, as the Event Viewer has them.</summary>
    public static IReadOnlyList<(TimeSpan Span, string Name)> Spans { get; } =
    [
        (TimeSpan.FromHours(1), "Last hour"), (TimeSpan.FromHours(12), "Last 12 hours"), (TimeSpan.FromHours(24), "Last 24 hours"),
        (TimeSpan.FromDays(7), "Last 7 days"), (TimeSpan.FromDays(30), "Last 30 days"),
    ];

    // ?last=&from=&to=&level=…&channel=&provider=&ids=&task=&keywords=&user=&computer=

    /// <summary>Reads the fields.</summary>
    /// <exception cref="EventQueryException">One of them holds something else than it is for.</exception>
    public static FilterForm Read(IQueryCollection query) => new()
    {
        Last = Number(query, "last") is { } last ? TimeSpan.FromMilliseconds(last) : null,
        From = Time(query, "from"),
        To = Time(query, "to"),
        Levels = [.. query["level"].OfType<string>().SelectMany(level => Levels(level))],
        Channels = List(query, "channel"),
        Providers = List(query, "provider"),
        EventIds = EventIdRange.ParseList(query["ids"].ToString()),
        Tasks = [.. List(query, "task").Select(task => (int)Whole("task", task))],
        Keywords = Number(query, "keywords") is { } keywords ? (ulong)keywords : null,
        UserId = List(query, "user") is [var user] ? user : null,
        Computers = List(query, "computer"),
    };

    /// <summary>A time as the browser's field takes it.</summary>
    public static string Field(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Names as one field holds them.</summary>
    public static string Field<T>(IEnumerable<T> values) => string.Join(", ", values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    // Whoever asks for information means what is always written, too.
    private static int[] Levels(string text) => Whole("level", text) is 4 ? [4, 0] : [(int)Whole("level", text)];

    private static string[] List(IQueryCollection query, string name) => query[name].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static long? Number(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 } text ? Whole(name, text) : null;

    private static long Whole(string name, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (name == "keywords" || number <= 1_000_000_000_000)
        ? number
        : throw new EventQueryException($"the field {name} takes a number, not '{text}'.");

    private static DateTime? Time(IQueryCollection query, string name) => query[name].ToString().Trim() is not { Length: > 0 } text ? null
        : EventTime.TryParse(text.Length == 16 ? text + ":00" : text, out var time) ? time
        : throw new EventQueryException($"the field {name} takes a time such as 2026-01-10T09:00:00, not '{text}'.");
}

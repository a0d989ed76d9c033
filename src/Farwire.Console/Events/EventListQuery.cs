using System.Globalization;
using Farwire.Collector.Search;
using Farwire.Events.Queries;
using Microsoft.AspNetCore.Http;

namespace Farwire.Console.Events;

/// <summary>What a list of events is about, as its address says: everything that can be chosen is one XPath, so that the address can be kept and sent on.</summary>
public sealed record EventListQuery
{
    private const int MaxXPath = 16 * 1024;

    /// <summary>Which events.</summary>
    public string XPath { get; init; } = "*";

    /// <summary>A text anywhere in them.</summary>
    public string? Text { get; init; }

    /// <summary>Of this subscription alone.</summary>
    public string? Subscription { get; init; }

    /// <summary>Of this sender alone.</summary>
    public string? Source { get; init; }

    /// <summary>Reads it from an address.</summary>
    /// <exception cref="EventQueryException">The XPath is too long.</exception>
    // ?xpath=&text=&subscription=&source=
    public static EventListQuery Read(IQueryCollection query) => new()
    {
        XPath = query["xpath"].ToString() is { Length: > 0 } xpath ? xpath.Length <= MaxXPath ? xpath.Trim() : throw new EventQueryException("the query is too long.") : "*",
        Text = One(query, "text"),
        Subscription = One(query, "subscription"),
        Source = One(query, "source"),
    };

    /// <summary>The same as part of an address, without the question mark.</summary>
    public string ToQuery()
    {
        var parts = new[] { ("xpath", XPath == "*" ? null : XPath), ("text", Text), ("subscription", Subscription), ("source", Source) };
        return string.Join('&', parts.Where(part => part.Item2 is not null).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}"));
    }

    /// <summary>The search for it. What the store can look up it is told beside the XPath.</summary>
    /// <exception cref="EventQueryException">The XPath is none.</exception>
    public EventSearch ToSearch(DateTime now)
    {
        var filter = EventFilter.Parse(XPath);
        var form = FilterForm.FromXPath(XPath);
        var ids = form?.EventIds.Where(range => !range.IsExcluded).ToList() ?? [];
        return new EventSearch
        {
            Filter = XPath == "*" ? null : filter,
            Text = Text,
            Subscription = Subscription,
            Source = Source,
            From = Latest(form?.From, form?.Last is { } last ? now - last : null),
            To = form?.To is { } to && to < DateTime.MaxValue.AddSeconds(-1) ? to.AddTicks(1) : null,
            Channel = form?.Channels is [var channel] ? channel : null,
            Computer = form?.Computers is [var computer] ? computer : null,
            Provider = form?.Providers is [var provider] ? provider : null,
            EventIds = ids.TrueForAll(range => range.First == range.Last) ? [.. ids.Select(range => range.First)] : [],
        };
    }

    private static DateTime? Latest(DateTime? a, DateTime? b) => a is null ? b : b is null || a > b ? a : b;

    private static string? One(IQueryCollection query, string name) => query[name].ToString().Trim() is { Length: > 0 and <= 1024 } text ? text : null;
}

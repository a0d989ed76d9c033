using System.Globalization;
using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.Events;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Collector.Administration;

/// <summary>Stored events, searched. The filter is an XPath or a QueryList; everything else comes as options.</summary>
internal sealed class EventResource(EventCollector collector) : IEnumerateResource
{
    // <f:StoredEvent xmlns:f="urn:farwire:collector/Event" Sequence="" Received="" Source="" Subscription="" Problem=""?>XML of the event as text</f:StoredEvent>

    public ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request)
    {
        var search = SearchOf(context.Options, request.Filter);
        var follow = context.Options.IsTrue("Follow");
        var events = follow ? FollowAsync(search, context.Options["After"] is null ? collector.Store.LastSequence : search.After) : collector.Store.SearchAsync(search);
        return ValueTask.FromResult<IEnumerationCursor>(new ListCursor<StoredEvent>(events, Write));
    }

    private static EventSearch SearchOf(OptionSet options, Filter? filter)
    {
        var search = new EventSearch
        {
            From = Time(options, "From"),
            To = Time(options, "To"),
            Channel = options["Channel"],
            Computer = options["Computer"],
            Provider = options["Provider"],
            Source = options["Source"],
            Subscription = options["SubscriptionId"],
            EventIds = Numbers(options, "EventId"),
            Levels = Numbers(options, "Level"),
            Text = options["Text"],
            NewestFirst = options.IsTrue("NewestFirst"),
            After = Number(options, "After") ?? 0,
            Limit = (int)Math.Min(Number(options, "Limit") ?? int.MaxValue, int.MaxValue),
        };
        if (filter is null)
        {
            return search;
        }

        try
        {
            return filter.IsDialect(Dialects.EventQuery) ? search with { Query = EventQuery.Parse(filter.Xml ?? filter.Text) }
                : filter.IsDialect(Dialects.XPath) ? search with { Filter = EventFilter.Parse(filter.Text) }
                : throw FaultCatalog.FilterDialectUnavailable.Fault($"events are filtered by '{Dialects.EventQuery}' or '{Dialects.XPath}'.");
        }
        catch (EventQueryException e)
        {
            throw FaultCatalog.CannotProcessEnumerationFilter.Fault(e.Message);
        }
    }

    private async IAsyncEnumerable<StoredEvent> FollowAsync(EventSearch search, long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            await collector.Store.WaitAsync(after, cancellationToken).ConfigureAwait(false);
            var last = collector.Store.LastSequence;
            await foreach (var found in collector.Store.SearchAsync(search with { After = after, Before = last + 1, NewestFirst = false }, cancellationToken).ConfigureAwait(false))
            {
                yield return found;
            }

            after = last;
        }
    }

    private static void Write(XmlUtf8Writer xml, StoredEvent stored)
    {
        xml.Start("f:StoredEvent"u8);
        xml.Attribute("xmlns:f"u8, CollectorUris.Event);
        xml.Attribute("Sequence"u8, stored.Sequence.ToString(CultureInfo.InvariantCulture));
        xml.Attribute("Received"u8, EventTime.Format(stored.Origin.Received));
        xml.Attribute("Source"u8, stored.Origin.Source);
        xml.Attribute("Subscription"u8, stored.Origin.Subscription);
        if (stored.Problem is not null)
        {
            xml.Attribute("Problem"u8, stored.Problem);
        }

        xml.Text(stored.Record.Xml); // as text: a broken event has its place too
        xml.End("f:StoredEvent"u8);
    }

    private static DateTime? Time(OptionSet options, string name) =>
        options[name] is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime
        : throw Wrong(name, text, "a time such as 2026-01-10T09:00:00Z");

    private static long? Number(OptionSet options, string name) =>
        options[name] is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(name, text, "a number");

    private static List<int> Numbers(OptionSet options, string name)
    {
        var numbers = new List<int>();
        foreach (var part in options[name]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            numbers.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, part, "numbers with commas between"));
        }

        return numbers;
    }

    private static WSManFaultException Wrong(string name, string value, string wanted) =>
        FaultCatalog.OptionInvalidValue.Fault($"the option {name} is {wanted}, not '{value}'.");
}

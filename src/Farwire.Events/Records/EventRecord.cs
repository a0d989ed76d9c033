namespace Farwire.Events.Records;

/// <summary>One event: its XML as it came, and what it says about itself.</summary>
/// <remarks>
/// Windows Event Log, "EventType". An event that is not well-formed XML is kept all the same: with its text, with the properties that could be read
/// up to the break, and with the <see cref="Problem"/>.
/// </remarks>
public sealed class EventRecord
{
    private EventElement? _root;

    private EventRecord(string xml, EventSystem system, string? problem)
    {
        Xml = xml;
        System = system;
        Problem = problem;
    }

    /// <summary>The event's XML, free of characters that XML cannot carry.</summary>
    public string Xml { get; }

    /// <summary>What the event says about itself.</summary>
    public EventSystem System { get; }

    /// <summary>Why the XML is not that of an event; null when it is.</summary>
    public string? Problem { get; }

    /// <summary>The text is not the XML of an event.</summary>
    public bool IsBroken => Problem is not null;

    /// <summary>The event's <c>Event</c> element; of a broken event what could be read. Built when first asked for.</summary>
    public EventElement Root => _root ??= EventElement.Read(Xml);

    /// <summary>The rendered message in <c>RenderingInfo</c>, or null.</summary>
    public string? Message => Root.Child("RenderingInfo")?.Child("Message")?.Value;

    /// <summary>The mark that a source sends when it starts without a bookmark: no event of anybody.</summary>
    public bool IsBookmarkMarker =>
        System is { EventId: 111, ProviderName: "Microsoft-Windows-EventForwarder", Channel: null, RecordId: null };

    /// <summary>Reads an event; never fails.</summary>
    public static EventRecord Read(string xml)
    {
        var clean = EventText.Clean(xml);
        var system = SystemReader.Read(clean, out var problem);
        return new EventRecord(clean, system, problem);
    }

    /// <summary>Makes a record of parts that were read before.</summary>
    public static EventRecord Of(string xml, EventSystem system, string? problem) => new(xml, system, problem);
}

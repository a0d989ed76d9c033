using System.Globalization;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>A delivery: a batch of events, or none in a heartbeat.</summary>
/// <remarks>
/// DSP0226, "Batched delivery", "Heartbeats" and "Dropped events". An event travels as CDATA that nobody on the way reads, or as an element; either
/// way it arrives here as its XML.
/// </remarks>
public sealed record EventBatch : IBody<EventBatch>
{
    /// <summary>A batch with nothing in it: the body of a heartbeat.</summary>
    public static EventBatch Empty { get; } = new();

    /// <summary>The events as XML.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Events that the source had to drop.</summary>
    public long Dropped { get; init; }

    /// <summary>Events are written as CDATA, as the option of that name asks; else as elements.</summary>
    public bool AsCData { get; init; } = true;

    // <w:Events>
    //   <w:Event Action="…/Event"><![CDATA[<Event/>]]></w:Event>*
    //   <w:Event Action="…/DroppedEvents"><w:DroppedEvents Action="…/DroppedEvents">12</w:DroppedEvents></w:Event>?
    // </w:Events>

    /// <inheritdoc/>
    public static EventBatch Read(BodyReader body)
    {
        var events = new List<string>();
        long dropped = 0;
        body.Enter("Events", Namespaces.WSMan);
        while (body.NextChild())
        {
            if (body.Is("DroppedEvents", Namespaces.WSMan))
            {
                dropped += Count(body);
                continue;
            }

            string? element = null;
            var before = dropped;
            var text = body.ReadMixed(() =>
            {
                if (body.Is("DroppedEvents", Namespaces.WSMan))
                {
                    dropped += Count(body);
                }
                else
                {
                    element = body.ReadOuterXml();
                }
            });
            if (dropped == before)
            {
                events.Add(element ?? text);
            }
        }

        return new EventBatch { Events = events, Dropped = dropped };
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("w:Events"u8);
        foreach (var record in Events)
        {
            xml.Start("w:Event"u8);
            xml.Attribute("Action"u8, Actions.Event);
            if (AsCData)
            {
                // A section cannot hold its own end: it is split there.
                xml.RawContent("<![CDATA["u8);
                xml.RawContent(Encoding.UTF8.GetBytes(record.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal)));
                xml.RawContent("]]>"u8);
            }
            else
            {
                xml.RawContent(Encoding.UTF8.GetBytes(record));
            }

            xml.End("w:Event"u8);
        }

        if (Dropped > 0)
        {
            xml.Start("w:Event"u8);
            xml.Attribute("Action"u8, Actions.DroppedEvents);
            xml.Start("w:DroppedEvents"u8);
            xml.Attribute("Action"u8, Actions.DroppedEvents);
            xml.Text(Dropped);
            xml.End("w:DroppedEvents"u8);
            xml.End("w:Event"u8);
        }

        xml.End("w:Events"u8);
    }

    private static long Count(BodyReader body) =>
        long.TryParse(body.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
}

using System.Globalization;
using System.Text;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>Asks for events.</summary>
/// <param name="Delivery">How they shall travel.</param>
/// <remarks>WS-Eventing, "Subscribe"; DSP0226, "Subscribe"; MS-WSMV, "Subscribe".</remarks>
public sealed record Subscribe(Delivery Delivery) : IBody<Subscribe>
{
    /// <summary>Where the end of the subscription is told.</summary>
    public EventingReference? EndTo { get; init; }

    /// <summary>How long the subscription shall live; null leaves it to the source.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>Which events; null means all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>What <c>w:Bookmark</c> holds: where to begin; null begins with the next event.</summary>
    public string? Bookmark { get; init; }

    /// <summary>Every delivery shall bring a bookmark.</summary>
    public bool SendBookmarks { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Eventing;

    // <e:Subscribe>
    //   <e:EndTo/>? <e:Delivery/> <e:Expires/>? <w:Filter Dialect=""/>? <w:Bookmark/>? <w:SendBookmarks/>?
    // </e:Subscribe>

    /// <inheritdoc/>
    public static Subscribe Read(BodyReader body)
    {
        var subscribe = new Subscribe(new Delivery(DeliveryModes.Push));
        body.Enter("Subscribe", Namespaces.Eventing);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "EndTo": subscribe = subscribe with { EndTo = EventingReference.Read(body) }; break;
                case "Delivery": subscribe = subscribe with { Delivery = Delivery.Read(body) }; break;
                case "Expires": subscribe = subscribe with { Expires = ReadExpires(body) }; break;
                case "Filter": subscribe = subscribe with { Filter = Filter.Read(body) }; break;
                case "Bookmark": subscribe = subscribe with { Bookmark = body.ReadInnerXml() }; break;
                case "SendBookmarks":
                    body.Skip();
                    subscribe = subscribe with { SendBookmarks = true };
                    break;
                default: body.Skip(); break;
            }
        }

        return subscribe;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("e:Subscribe"u8);
        EndTo?.Write(xml, "e:EndTo"u8);
        Delivery.Write(xml);
        if (Expires is { } expires)
        {
            xml.Element("e:Expires"u8, XmlDuration.Format(expires));
        }

        Filter?.Write(xml);
        if (Bookmark is not null)
        {
            xml.Start("w:Bookmark"u8);
            xml.RawContent(Encoding.UTF8.GetBytes(Bookmark));
            xml.End("w:Bookmark"u8);
        }

        if (SendBookmarks)
        {
            xml.Empty("w:SendBookmarks"u8);
        }

        xml.End("e:Subscribe"u8);
    }

    /// <summary>Reads <c>e:Expires</c>, a duration; zero means that it never ends.</summary>
    internal static TimeSpan? ReadExpires(BodyReader body)
    {
        var text = body.ReadText();
        return XmlDuration.TryParse(text, out var expires) && expires >= TimeSpan.Zero ? expires
            : text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _)
                ? throw FaultCatalog.UnsupportedExpirationType.Fault($"e:Expires is a duration such as PT60M, not the moment '{text}'.")
                : throw FaultCatalog.InvalidExpirationTime.Fault($"e:Expires is a duration such as PT60M, not '{text}'.");
    }
}

using System.Globalization;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>How events shall travel.</summary>
/// <param name="Mode">One of <see cref="DeliveryModes"/>.</param>
/// <remarks>WS-Eventing, "Subscribe"; DSP0226, "Subscribe", "Delivery modes".</remarks>
public sealed record Delivery(string Mode)
{
    /// <summary>How long the source may be silent before it sends a heartbeat.</summary>
    public TimeSpan? Heartbeats { get; init; }

    /// <summary>Where events go; not for Pull.</summary>
    public EventingReference? NotifyTo { get; init; }

    /// <summary>Time between two attempts to deliver.</summary>
    public TimeSpan? RetryInterval { get; init; }

    /// <summary>Attempts in all.</summary>
    public int RetryTotal { get; init; }

    /// <summary>Events in a batch at most.</summary>
    public long? MaxElements { get; init; }

    /// <summary>How old the first event of a batch may grow.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Bytes of a message at most.</summary>
    public long? MaxEnvelopeSize { get; init; }

    /// <summary>What becomes of a larger event: <c>CancelSubscription</c>, <c>Skip</c> or <c>Notify</c>.</summary>
    public string? OversizePolicy { get; init; }

    /// <summary>The language of texts.</summary>
    public string? Locale { get; init; }

    /// <summary>The language of numbers and dates.</summary>
    public string? DataLocale { get; init; }

    /// <summary><c>UTF-8</c> or <c>UTF-16</c>.</summary>
    public string? ContentEncoding { get; init; }

    // <e:Delivery Mode="">
    //   <w:Heartbeats/>? <e:NotifyTo/>? <w:ConnectionRetry Total=""/>? <w:MaxElements/>? <w:MaxTime/>?
    //   <w:MaxEnvelopeSize Policy=""/>? <w:Locale xml:lang=""/>? <p:DataLocale xml:lang=""/>? <w:ContentEncoding/>?
    // </e:Delivery>

    internal static Delivery Read(BodyReader body)
    {
        var delivery = new Delivery(body.Attribute("Mode")?.Trim() ?? DeliveryModes.Push); // the specification's default
        body.Enter();
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "Heartbeats": delivery = delivery with { Heartbeats = Duration(body) }; break;
                case "NotifyTo": delivery = delivery with { NotifyTo = EventingReference.Read(body) }; break;
                case "ConnectionRetry":
                    var total = body.Attribute("Total");
                    delivery = delivery with
                    {
                        RetryTotal = int.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
                        RetryInterval = Duration(body),
                    };
                    break;
                case "MaxElements": delivery = delivery with { MaxElements = Enumerate.ReadCount(body) }; break;
                case "MaxTime": delivery = delivery with { MaxTime = Duration(body) }; break;
                case "MaxEnvelopeSize":
                    delivery = delivery with { OversizePolicy = body.Attribute("Policy") };
                    delivery = delivery with { MaxEnvelopeSize = Enumerate.ReadCount(body) };
                    break;
                case "Locale": delivery = delivery with { Locale = Language(body) }; break;
                case "DataLocale": delivery = delivery with { DataLocale = Language(body) }; break;
                case "ContentEncoding": delivery = delivery with { ContentEncoding = body.ReadText() }; break;
                default: body.Skip(); break;
            }
        }

        return delivery;
    }

    internal void Write(XmlUtf8Writer xml)
    {
        xml.Start("e:Delivery"u8);
        xml.Attribute("Mode"u8, Mode);
        if (Heartbeats is { } heartbeats)
        {
            xml.Element("w:Heartbeats"u8, XmlDuration.Format(heartbeats));
        }

        NotifyTo?.Write(xml, "e:NotifyTo"u8);
        if (RetryInterval is { } retry)
        {
            xml.Start("w:ConnectionRetry"u8);
            xml.Attribute("Total"u8, RetryTotal.ToString(CultureInfo.InvariantCulture));
            xml.Text(XmlDuration.Format(retry));
            xml.End("w:ConnectionRetry"u8);
        }

        if (MaxElements is { } elements)
        {
            xml.Element("w:MaxElements"u8, elements);
        }

        if (MaxTime is { } time)
        {
            xml.Element("w:MaxTime"u8, XmlDuration.Format(time));
        }

        if (MaxEnvelopeSize is { } size)
        {
            xml.Start("w:MaxEnvelopeSize"u8);
            if (OversizePolicy is not null)
            {
                xml.Attribute("Policy"u8, OversizePolicy);
            }

            xml.Text(size);
            xml.End("w:MaxEnvelopeSize"u8);
        }

        Language(xml, "w:Locale"u8, Locale);
        Language(xml, "p:DataLocale"u8, DataLocale);
        if (ContentEncoding is not null)
        {
            xml.Element("w:ContentEncoding"u8, ContentEncoding);
        }

        xml.End("e:Delivery"u8);
    }

    private static TimeSpan? Duration(BodyReader body) => XmlDuration.TryParse(body.ReadText(), out var duration) ? duration : null;

    private static string? Language(BodyReader body)
    {
        var language = body.Attribute("lang", Namespaces.Xml);
        body.Skip();
        return language;
    }

    private static void Language(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? language)
    {
        if (language is not null)
        {
            xml.Start(name);
            xml.Attribute("xml:lang"u8, language);
            xml.Attribute("s:mustUnderstand"u8, "false"u8);
            xml.End(name);
        }
    }
}

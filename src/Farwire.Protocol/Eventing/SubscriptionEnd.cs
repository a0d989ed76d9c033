using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>Says that a subscription has ended at its source, and why.</summary>
/// <param name="Status">One of the URIs below, or another.</param>
/// <remarks>WS-Eventing, "Subscription End". Windows adds its own fault.</remarks>
public sealed record SubscriptionEnd(string Status) : IBody<SubscriptionEnd>
{
    /// <summary>The subscriber could not be reached.</summary>
    public const string DeliveryFailure = Namespaces.Eventing + "/DeliveryFailure";

    /// <summary>The source goes down.</summary>
    public const string SourceShuttingDown = Namespaces.Eventing + "/SourceShuttingDown";

    /// <summary>The source ends it for a reason of its own.</summary>
    public const string SourceCancelling = Namespaces.Eventing + "/SourceCancelling";

    /// <summary>The subscription's address at the source.</summary>
    public EventingReference? SubscriptionManager { get; init; }

    /// <summary>The reason for people.</summary>
    public string? Reason { get; init; }

    /// <summary>The Windows error, when one was sent.</summary>
    public WSManFault? Fault { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Eventing;

    // <e:SubscriptionEnd>
    //   <e:SubscriptionManager/>? <e:Status/> <e:Reason xml:lang=""/>? <f:WSManFault/>?
    // </e:SubscriptionEnd>

    /// <inheritdoc/>
    public static SubscriptionEnd Read(BodyReader body)
    {
        var end = new SubscriptionEnd("");
        body.Enter("SubscriptionEnd", Namespaces.Eventing);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "SubscriptionManager": end = end with { SubscriptionManager = EventingReference.Read(body) }; break;
                case "Status": end = end with { Status = body.ReadText() }; break;
                case "Reason": end = end with { Reason = body.ReadText() }; break;
                case "WSManFault" when body.NamespaceUri == Namespaces.Fault: end = end with { Fault = WSManFault.ReadWSManFault(body) }; break;
                default: body.Skip(); break;
            }
        }

        return end;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("e:SubscriptionEnd"u8);
        SubscriptionManager?.Write(xml, "e:SubscriptionManager"u8);
        xml.Element("e:Status"u8, Status);
        if (Reason is not null)
        {
            xml.Start("e:Reason"u8);
            xml.Attribute("xml:lang"u8, "en-US"u8);
            xml.Text(Reason);
            xml.End("e:Reason"u8);
        }

        Fault?.WriteWSManFault(xml);
        xml.End("e:SubscriptionEnd"u8);
    }
}

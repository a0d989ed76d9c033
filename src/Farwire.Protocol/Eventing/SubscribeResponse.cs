using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>A subscription that stands.</summary>
/// <param name="SubscriptionManager">Where it is renewed and ended; its identifier goes along.</param>
/// <remarks>WS-Eventing, "Subscribe". <c>PT0.000S</c> as expiry means never.</remarks>
public sealed record SubscribeResponse(EventingReference SubscriptionManager) : IBody<SubscribeResponse>
{
    /// <summary>How long it lives; zero is for ever.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary>The context to pull from, in Pull mode.</summary>
    public string? EnumerationContext { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Eventing | (EnumerationContext is null ? BodyPrefixes.None : BodyPrefixes.Enumeration);

    // <e:SubscribeResponse>
    //   <e:SubscriptionManager/> <e:Expires/> <n:EnumerationContext/>?
    // </e:SubscribeResponse>

    /// <inheritdoc/>
    public static SubscribeResponse Read(BodyReader body)
    {
        var response = new SubscribeResponse(new EventingReference("", null));
        body.Enter("SubscribeResponse", Namespaces.Eventing);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "SubscriptionManager": response = response with { SubscriptionManager = EventingReference.Read(body) }; break;
                case "Expires": response = response with { Expires = XmlDuration.TryParse(body.ReadText(), out var expires) ? expires : TimeSpan.Zero }; break;
                case "EnumerationContext": response = response with { EnumerationContext = body.ReadText() }; break;
                default: body.Skip(); break;
            }
        }

        return response;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("e:SubscribeResponse"u8);
        SubscriptionManager.Write(xml, "e:SubscriptionManager"u8);
        xml.Element("e:Expires"u8, XmlDuration.Format(Expires));
        if (EnumerationContext is not null)
        {
            xml.Element("n:EnumerationContext"u8, EnumerationContext);
        }

        xml.End("e:SubscribeResponse"u8);
    }
}

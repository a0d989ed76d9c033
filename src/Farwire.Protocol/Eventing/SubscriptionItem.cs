using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>A subscription as a collector hands it to a source: a version, and the whole Subscribe message that the source shall take as received.</summary>
/// <param name="Version">Changes with the message; the source keeps running what has the version it knows.</param>
/// <param name="Headers">The message's headers.</param>
/// <param name="Subscribe">The message's body.</param>
/// <remarks>MS-WSMV, "Subscription".</remarks>
public sealed record SubscriptionItem(string Version, MessageHeaders Headers, Subscribe Subscribe)
{
    // <m:Subscription>
    //   <m:Version/>
    //   <s:Envelope>
    //     <s:Header/>
    //     <s:Body><e:Subscribe/></s:Body>
    //   </s:Envelope>
    // </m:Subscription>

    /// <summary>Writes the item into an envelope that has declared <c>s a w p</c>.</summary>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("m:Subscription"u8);
        xml.Attribute("xmlns:m"u8, Namespaces.Subscription);
        xml.Element("m:Version"u8, Version);
        EnvelopeWriter.WriteEmbedded(xml, new Request(Headers, Subscribe));
        xml.End("m:Subscription"u8);
    }

    /// <summary>Reads the item at which <paramref name="body"/> stands.</summary>
    public static SubscriptionItem Read(BodyReader body)
    {
        var version = "";
        ReceivedRequest? message = null;
        Subscribe? subscribe = null;
        body.Enter("Subscription", Namespaces.Subscription);
        while (body.NextChild())
        {
            if (body.Is("Version", Namespaces.Subscription))
            {
                version = body.ReadText();
            }
            else if (body.Is("Envelope", Namespaces.Soap))
            {
                // The message is one of its own, with limits of its own; it is small.
                message = EnvelopeReader.ReadRequest(System.Text.Encoding.UTF8.GetBytes(body.ReadOuterXml()));
                subscribe = Subscribe.Read(message.Body);
                message.Body.Dispose();
            }
            else
            {
                body.Skip();
            }
        }

        return message is null || subscribe is null
            ? throw Faults.FaultCatalog.SchemaValidationError.Fault("the subscription holds no Subscribe message.")
            : new SubscriptionItem(version, message.Headers, subscribe);
    }
}

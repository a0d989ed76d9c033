using System.Text;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>An address with the identifier that the other side sends back as a header.</summary>
/// <param name="Address">The address.</param>
/// <param name="Identifier"><c>e:Identifier</c>; null when there is none.</param>
/// <remarks>WS-Eventing, "Subscription Managers". Eventing writes <c>ReferenceProperties</c>; <c>ReferenceParameters</c> is read as well.</remarks>
public sealed record EventingReference(string Address, string? Identifier)
{
    /// <summary><c>w:ResourceURI</c> among the properties, which Windows adds to a subscription manager.</summary>
    public string? ResourceUri { get; init; }

    /// <summary>All other properties as XML, which go into the header of what is sent there; null when there are none.</summary>
    /// <remarks>WS-Addressing, "Reference Properties": opaque to everyone but who made them.</remarks>
    public string? Properties { get; init; }

    /// <summary>How the sender shall prove itself at the address; only in <c>e:NotifyTo</c>.</summary>
    public DeliveryPolicy? Policy { get; init; }

    // <…><a:Address/> <a:ReferenceProperties><w:ResourceURI/>? <e:Identifier/></a:ReferenceProperties> <c:Policy/>?</…>

    internal static EventingReference Read(BodyReader body)
    {
        var reference = new EventingReference("", null);
        body.Enter();
        while (body.NextChild())
        {
            if (body.Is("Address", Namespaces.Addressing))
            {
                reference = reference with { Address = body.ReadText() };
            }
            else if (body.Is("ReferenceProperties", Namespaces.Addressing) || body.Is("ReferenceParameters", Namespaces.Addressing))
            {
                body.Enter();
                while (body.NextChild())
                {
                    if (body.Is("Identifier", Namespaces.Eventing))
                    {
                        reference = reference with { Identifier = body.ReadText() };
                    }
                    else if (body.Is("ResourceURI", Namespaces.WSMan))
                    {
                        reference = reference with { ResourceUri = body.ReadText() };
                    }
                    else
                    {
                        reference = reference with { Properties = reference.Properties + body.ReadOuterXml() };
                    }
                }
            }
            else if (body.Is("Policy", DeliveryPolicy.PolicyNamespace))
            {
                reference = reference with { Policy = DeliveryPolicy.Read(body) };
            }
            else
            {
                body.Skip();
            }
        }

        return reference;
    }

    internal void Write(XmlUtf8Writer xml, ReadOnlySpan<byte> name)
    {
        xml.Start(name);
        xml.Element("a:Address"u8, Address);
        if (Identifier is not null || ResourceUri is not null || Properties is not null)
        {
            xml.Start("a:ReferenceProperties"u8);
            if (ResourceUri is not null)
            {
                xml.Element("w:ResourceURI"u8, ResourceUri);
            }

            if (Identifier is not null)
            {
                xml.Element("e:Identifier"u8, Identifier);
            }

            if (Properties is not null)
            {
                xml.RawContent(Encoding.UTF8.GetBytes(Properties));
            }

            xml.End("a:ReferenceProperties"u8);
        }

        Policy?.Write(xml);
        xml.End(name);
    }
}

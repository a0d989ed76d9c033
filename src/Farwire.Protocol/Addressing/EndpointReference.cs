using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Addressing;

/// <summary>The address of a resource: where, which, and by which keys.</summary>
/// <remarks>WS-Addressing (2004/08), "Endpoint References"; DSP0226, "Default addressing model".</remarks>
public sealed record EndpointReference
{
    /// <summary>The address that stands for "the sender of this message".</summary>
    public const string Anonymous = Namespaces.Addressing + "/role/anonymous";

    /// <summary>The endpoint; <see cref="Anonymous"/> unless the resource lives elsewhere.</summary>
    public string Address { get; init; } = Anonymous;

    /// <summary>The class or kind of resource; null where the address alone is enough.</summary>
    public string? ResourceUri { get; init; }

    /// <summary>The keys of the instance.</summary>
    public SelectorSet Selectors { get; init; } = SelectorSet.Empty;

    // <a:EndpointReference>
    //   <a:Address/>
    //   <a:ReferenceParameters> <w:ResourceURI/> <w:SelectorSet/>? </a:ReferenceParameters>
    // </a:EndpointReference>

    /// <summary>Writes the reference as an element of its own.</summary>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("a:EndpointReference"u8);
        WriteContent(xml);
        xml.End("a:EndpointReference"u8);
    }

    /// <summary>Writes what stands inside the reference's element; <c>x:ResourceCreated</c> holds exactly this.</summary>
    public void WriteContent(XmlUtf8Writer xml)
    {
        xml.Element("a:Address"u8, Address);
        if (ResourceUri is null && Selectors.Count == 0)
        {
            return;
        }

        xml.Start("a:ReferenceParameters"u8);
        if (ResourceUri is not null)
        {
            xml.Element("w:ResourceURI"u8, ResourceUri);
        }

        if (Selectors.Count > 0)
        {
            Selectors.Write(xml);
        }

        xml.End("a:ReferenceParameters"u8);
    }

    /// <summary>Reads the content of the element at which <paramref name="body"/> stands, whatever its name.</summary>
    /// <remarks>Eventing writes <c>ReferenceProperties</c> where all else writes <c>ReferenceParameters</c>; both are read.</remarks>
    public static EndpointReference Read(BodyReader body)
    {
        var address = Anonymous;
        string? resourceUri = null;
        var selectors = SelectorSet.Empty;

        body.Enter();
        while (body.NextChild())
        {
            if (body.Is("Address", Namespaces.Addressing))
            {
                address = body.ReadText();
            }
            else if (body.Is("ReferenceParameters", Namespaces.Addressing) || body.Is("ReferenceProperties", Namespaces.Addressing))
            {
                body.Enter();
                while (body.NextChild())
                {
                    if (body.Is("ResourceURI", Namespaces.WSMan))
                    {
                        resourceUri = body.ReadText();
                    }
                    else if (body.Is("SelectorSet", Namespaces.WSMan))
                    {
                        selectors = SelectorSet.Read(body);
                    }
                    else
                    {
                        body.Skip();
                    }
                }
            }
            else
            {
                body.Skip();
            }
        }

        return new EndpointReference { Address = address, ResourceUri = resourceUri, Selectors = selectors };
    }
}

using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Identify;

/// <summary>What a service is.</summary>
/// <param name="ProductVendor">Who made it.</param>
/// <param name="ProductVersion">Its version; clients expect the form <c>OS: 0.0.0 SP: 0.0 Stack: 3.0</c>.</param>
/// <remarks>DSP0226, "Identify". OMI puts the element into SOAP's namespace: the local name decides when reading.</remarks>
public sealed record IdentifyResponse(string ProductVendor, string ProductVersion) : IBody<IdentifyResponse>
{
    /// <summary>The protocol, as the URI of its schema.</summary>
    public string ProtocolVersion { get; init; } = Namespaces.WSMan;

    /// <summary>The ways to authenticate that the service offers; told to authenticated callers only.</summary>
    public IReadOnlyList<string> SecurityProfiles { get; init; } = [];

    // <wsmid:IdentifyResponse>
    //   <wsmid:ProtocolVersion/> <wsmid:ProductVendor/> <wsmid:ProductVersion/>
    //   <wsmid:SecurityProfiles> <wsmid:SecurityProfileName/>* </wsmid:SecurityProfiles>?
    // </wsmid:IdentifyResponse>

    /// <inheritdoc/>
    public static IdentifyResponse Read(BodyReader body)
    {
        if (!body.HasElement || body.LocalName != "IdentifyResponse")
        {
            throw FaultCatalog.SchemaValidationError.Fault("the answer to Identify must hold IdentifyResponse.");
        }

        string protocol = "", vendor = "", version = "";
        var profiles = new List<string>();
        body.Enter();
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "ProtocolVersion": protocol = body.ReadText(); break;
                case "ProductVendor": vendor = body.ReadText(); break;
                case "ProductVersion": version = body.ReadText(); break;
                case "SecurityProfiles":
                    body.Enter();
                    while (body.NextChild())
                    {
                        profiles.Add(body.ReadText());
                    }

                    break;
                default: body.Skip(); break;
            }
        }

        return new IdentifyResponse(vendor, version) { ProtocolVersion = protocol, SecurityProfiles = profiles };
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("wsmid:IdentifyResponse"u8);
        xml.Attribute("xmlns:wsmid"u8, Namespaces.Identity);
        xml.Element("wsmid:ProtocolVersion"u8, ProtocolVersion);
        xml.Element("wsmid:ProductVendor"u8, ProductVendor);
        xml.Element("wsmid:ProductVersion"u8, ProductVersion);
        if (SecurityProfiles.Count > 0)
        {
            xml.Start("wsmid:SecurityProfiles"u8);
            foreach (var profile in SecurityProfiles)
            {
                xml.Element("wsmid:SecurityProfileName"u8, profile);
            }

            xml.End("wsmid:SecurityProfiles"u8);
        }

        xml.End("wsmid:IdentifyResponse"u8);
    }
}

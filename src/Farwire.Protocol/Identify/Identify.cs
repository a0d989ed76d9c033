using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Identify;

/// <summary>Asks a service what it is. The message needs no headers at all.</summary>
/// <remarks>DSP0226, "Identify".</remarks>
public sealed record Identify : IBody<Identify>
{
    // <wsmid:Identify/>

    /// <inheritdoc/>
    public static Identify Read(BodyReader body)
    {
        body.Skip();
        return new Identify();
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("wsmid:Identify"u8);
        xml.Attribute("xmlns:wsmid"u8, Namespaces.Identity);
        xml.End("wsmid:Identify"u8);
    }
}

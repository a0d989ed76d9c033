using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>Closes an enumeration before its end.</summary>
/// <param name="Context">The context of the answer before.</param>
/// <remarks>WS-Enumeration, "Release".</remarks>
public sealed record Release(string Context) : IBody<Release>
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Enumeration;

    // <n:Release> <n:EnumerationContext/> </n:Release>

    /// <inheritdoc/>
    public static Release Read(BodyReader body)
    {
        var release = new Release("");
        body.Enter("Release", Namespaces.Enumeration);
        while (body.NextChild())
        {
            if (body.LocalName == "EnumerationContext")
            {
                release = new Release(body.ReadText());
            }
            else
            {
                body.Skip();
            }
        }

        return release;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("n:Release"u8);
        xml.Element("n:EnumerationContext"u8, Context);
        xml.End("n:Release"u8);
    }
}

using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Transfer;

/// <summary>The reference of what a Create made.</summary>
/// <param name="Reference">Where the new resource is.</param>
/// <remarks>WS-Transfer, "Create". The reference's children stand in the element directly.</remarks>
public sealed record ResourceCreated(EndpointReference Reference) : IBody<ResourceCreated>
{
    /// <summary>A second element beside it, such as the shell that was made.</summary>
    public IBody? Sibling { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Transfer | (Sibling?.Prefixes ?? BodyPrefixes.None);

    // <x:ResourceCreated> <a:Address/> <a:ReferenceParameters/> </x:ResourceCreated>

    /// <inheritdoc/>
    public static ResourceCreated Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("ResourceCreated", Namespaces.Transfer))
        {
            body.Enter("ResourceCreated", Namespaces.Transfer);
        }

        return new ResourceCreated(EndpointReference.Read(body));
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("x:ResourceCreated"u8);
        Reference.WriteContent(xml);
        xml.End("x:ResourceCreated"u8);
        Sibling?.Write(xml);
    }
}

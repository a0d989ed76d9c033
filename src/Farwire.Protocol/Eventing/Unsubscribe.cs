using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Eventing;

/// <summary>Ends a subscription; the header <c>e:Identifier</c> says which. The answer is empty.</summary>
/// <remarks>WS-Eventing, "Unsubscribe".</remarks>
public sealed record Unsubscribe : IBody<Unsubscribe>
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Eventing;

    /// <inheritdoc/>
    public static Unsubscribe Read(BodyReader body)
    {
        body.Enter("Unsubscribe", Namespaces.Eventing);
        while (body.NextChild())
        {
            body.Skip();
        }

        return new Unsubscribe();
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml) => xml.Empty("e:Unsubscribe"u8);
}

using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>A body that is written from XML at hand: an instance, a configuration element, a file.</summary>
/// <param name="Xml">One well-formed element in UTF-8, with the namespaces it uses.</param>
public sealed record XmlBody(ReadOnlyMemory<byte> Xml) : IBody
{
    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml) => xml.RawContent(Xml.Span);
}

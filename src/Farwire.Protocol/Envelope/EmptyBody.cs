using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>A body with nothing in it.</summary>
public sealed class EmptyBody : IBody
{
    private EmptyBody()
    {
    }

    /// <summary>The one instance.</summary>
    public static EmptyBody Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
    }
}

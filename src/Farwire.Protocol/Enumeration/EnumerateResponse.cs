using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>An opened enumeration, with its first items when they were asked for.</summary>
/// <remarks>
/// WS-Enumeration, "Enumerate". Items and end stand in WS-Management's namespace here, in WS-Enumeration's in a PullResponse; a complete
/// optimised answer carries an empty context.
/// </remarks>
public sealed record EnumerateResponse : IBody
{
    /// <summary>The context for the next Pull; empty when all is told.</summary>
    public string Context { get; init; } = "";

    /// <summary>How long the context lives, when the client asked for a time.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>The items as XML elements one after another; empty when there are none.</summary>
    public ReadOnlyMemory<byte> Items { get; init; }

    /// <summary>Nothing more will come.</summary>
    public bool EndOfSequence { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Enumeration;

    // <n:EnumerateResponse>
    //   <n:EnumerationContext/> <n:Expires/>? <w:Items/>? <w:EndOfSequence/>?
    // </n:EnumerateResponse>

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("n:EnumerateResponse"u8);
        xml.Start("n:EnumerationContext"u8);
        xml.Text(Context);
        xml.End("n:EnumerationContext"u8);
        if (Expires is { } expires)
        {
            xml.Element("n:Expires"u8, XmlDuration.Format(expires));
        }

        if (Items.Length > 0)
        {
            xml.Start("w:Items"u8);
            xml.RawContent(Items.Span);
            xml.End("w:Items"u8);
        }

        if (EndOfSequence)
        {
            xml.Empty("w:EndOfSequence"u8);
        }

        xml.End("n:EnumerateResponse"u8);
    }
}

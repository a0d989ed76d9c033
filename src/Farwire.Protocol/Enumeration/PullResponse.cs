using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>The next batch of an enumeration.</summary>
/// <remarks>WS-Enumeration, "Pull". The last batch has no context.</remarks>
public sealed record PullResponse : IBody
{
    /// <summary>The context for the next Pull; null at the end.</summary>
    public string? Context { get; init; }

    /// <summary>The items as XML elements one after another.</summary>
    public ReadOnlyMemory<byte> Items { get; init; }

    /// <summary>Nothing more will come.</summary>
    public bool EndOfSequence { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Enumeration;

    // <n:PullResponse>
    //   <n:EnumerationContext/>? <n:Items/> <n:EndOfSequence/>?
    // </n:PullResponse>

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("n:PullResponse"u8);
        if (Context is not null)
        {
            xml.Element("n:EnumerationContext"u8, Context);
        }

        xml.Start("n:Items"u8);
        if (Items.Length > 0)
        {
            xml.RawContent(Items.Span);
        }

        xml.End("n:Items"u8);
        if (EndOfSequence)
        {
            xml.Empty("n:EndOfSequence"u8);
        }

        xml.End("n:PullResponse"u8);
    }
}

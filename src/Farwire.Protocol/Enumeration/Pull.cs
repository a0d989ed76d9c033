using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>Takes the next batch from an open enumeration.</summary>
/// <param name="Context">The context of the answer before.</param>
/// <remarks>WS-Enumeration, "Pull". The limits are the caller's wish, not the service's promise.</remarks>
public sealed record Pull(string Context) : IBody<Pull>
{
    /// <summary>How long the service may wait for the first item.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Items wanted at most; null is one, by the specification.</summary>
    public long? MaxElements { get; init; }

    /// <summary>Characters wanted at most, in whole items.</summary>
    public long? MaxCharacters { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Enumeration;

    // <n:Pull>
    //   <n:EnumerationContext/> <n:MaxTime/>? <n:MaxElements/>? <n:MaxCharacters/>?
    // </n:Pull>

    /// <inheritdoc/>
    public static Pull Read(BodyReader body)
    {
        var pull = new Pull("");
        body.Enter("Pull", Namespaces.Enumeration);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "EnumerationContext": pull = pull with { Context = body.ReadText() }; break;
                case "MaxTime": pull = pull with { MaxTime = XmlDuration.TryParse(body.ReadText(), out var time) ? time : null }; break;
                case "MaxElements": pull = pull with { MaxElements = Enumerate.ReadCount(body) }; break;
                case "MaxCharacters": pull = pull with { MaxCharacters = Enumerate.ReadCount(body) }; break;
                default: body.Skip(); break;
            }
        }

        return pull;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("n:Pull"u8);
        xml.Element("n:EnumerationContext"u8, Context);
        if (MaxTime is { } time)
        {
            xml.Element("n:MaxTime"u8, XmlDuration.Format(time));
        }

        if (MaxElements is { } count)
        {
            xml.Element("n:MaxElements"u8, count);
        }

        if (MaxCharacters is { } characters)
        {
            xml.Element("n:MaxCharacters"u8, characters);
        }

        xml.End("n:Pull"u8);
    }
}

using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Writes to input streams.</summary>
/// <param name="Streams">The pieces, in order.</param>
/// <remarks>MS-WSMV, "Send".</remarks>
public sealed record Send(IReadOnlyList<StreamData> Streams) : IBody<Send>
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Send> <rsp:Stream/>+ </rsp:Send>

    /// <inheritdoc/>
    public static Send Read(BodyReader body)
    {
        var streams = new List<StreamData>(1);
        body.Enter("Send", Namespaces.Shell);
        while (body.NextChild())
        {
            if (StreamData.IsAt(body))
            {
                streams.Add(StreamData.Read(body));
            }
            else
            {
                body.Skip();
            }
        }

        return new Send(streams);
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Send"u8);
        foreach (var stream in Streams)
        {
            stream.Write(xml);
        }

        xml.End("rsp:Send"u8);
    }
}

/// <summary>The answer to <see cref="Send"/>: the element is there, and empty.</summary>
/// <remarks>MS-WSMV, "SendResponse".</remarks>
public sealed record SendResponse : IBody
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml) => xml.Empty("rsp:SendResponse"u8);
}

using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>The id of a started command.</summary>
/// <param name="CommandId">Names it in Send, Receive and Signal.</param>
/// <remarks>MS-WSMV, "CommandResponse".</remarks>
public sealed record CommandResponse(string CommandId) : IBody<CommandResponse>
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:CommandResponse> <rsp:CommandId/> </rsp:CommandResponse>

    /// <inheritdoc/>
    public static CommandResponse Read(BodyReader body)
    {
        var id = "";
        body.Enter("CommandResponse", Namespaces.Shell);
        while (body.NextChild())
        {
            if (body.LocalName == "CommandId")
            {
                id = body.ReadText();
            }
            else
            {
                body.Skip();
            }
        }

        return new CommandResponse(id);
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:CommandResponse"u8);
        xml.Element("rsp:CommandId"u8, CommandId);
        xml.End("rsp:CommandResponse"u8);
    }
}

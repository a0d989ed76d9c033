using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Returns to a shell, or to one of its commands, in the session that left it.</summary>
/// <remarks>MS-WSMV, "Reconnect". For the shell the body may be empty; so is the answer's.</remarks>
public sealed record Reconnect : IBody<Reconnect>
{
    /// <summary>The command; null for the shell itself.</summary>
    public string? CommandId { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Reconnect CommandId=""?/>

    /// <inheritdoc/>
    public static Reconnect Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("Reconnect", Namespaces.Shell))
        {
            return new Reconnect();
        }

        var id = body.Attribute("CommandId");
        body.Skip();
        return new Reconnect { CommandId = id };
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        if (CommandId is not null)
        {
            xml.Start("rsp:Reconnect"u8);
            xml.Attribute("CommandId"u8, CommandId);
            xml.End("rsp:Reconnect"u8);
        }
    }
}

using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Waits for output: answered when there is some, when the command ends, or with TimedOut.</summary>
/// <param name="Streams">The streams wanted.</param>
/// <remarks>MS-WSMV, "Receive".</remarks>
public sealed record Receive(IReadOnlyList<string> Streams) : IBody<Receive>
{
    /// <summary>The command; null for the shell itself.</summary>
    public string? CommandId { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Receive> <rsp:DesiredStream CommandId=""?>stdout stderr</rsp:DesiredStream> </rsp:Receive>

    /// <inheritdoc/>
    public static Receive Read(BodyReader body)
    {
        var receive = new Receive([]);
        body.Enter("Receive", Namespaces.Shell);
        while (body.NextChild())
        {
            if (body.Is("DesiredStream", Namespaces.Shell))
            {
                var id = body.Attribute("CommandId");
                receive = new Receive(CreateShell.ReadNames(body)) { CommandId = id };
            }
            else
            {
                body.Skip();
            }
        }

        return receive;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Receive"u8);
        xml.Start("rsp:DesiredStream"u8);
        if (CommandId is not null)
        {
            xml.Attribute("CommandId"u8, CommandId);
        }

        xml.Text(string.Join(' ', Streams));
        xml.End("rsp:DesiredStream"u8);
        xml.End("rsp:Receive"u8);
    }
}

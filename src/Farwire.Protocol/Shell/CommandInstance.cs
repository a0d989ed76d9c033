using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>A command as an item of the enumeration of a shell's commands.</summary>
/// <param name="CommandId">Its id.</param>
/// <param name="CommandLine">What was started.</param>
/// <param name="State"><c>Running</c>, <c>Pending</c> or <c>Done</c>: the last word of the state's URI.</param>
/// <remarks>MS-WSMV, "Command".</remarks>
public sealed record CommandInstance(string CommandId, string CommandLine, string State) : IBody<CommandInstance>
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Command> <rsp:CommandId/> <rsp:CommandLine/> <rsp:CommandState/> </rsp:Command>

    /// <inheritdoc/>
    public static CommandInstance Read(BodyReader body)
    {
        var command = new CommandInstance("", "", "");
        body.Enter("Command", Namespaces.Shell);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "CommandId": command = command with { CommandId = body.ReadText() }; break;
                case "CommandLine": command = command with { CommandLine = body.ReadRawText() }; break;
                case "CommandState": command = command with { State = body.ReadText() }; break;
                default: body.Skip(); break;
            }
        }

        return command;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Command"u8);
        xml.Attribute("xmlns:rsp"u8, Namespaces.Shell);
        xml.Element("rsp:CommandId"u8, CommandId);
        xml.Element("rsp:CommandLine"u8, CommandLine);
        xml.Element("rsp:CommandState"u8, State);
        xml.End("rsp:Command"u8);
    }
}

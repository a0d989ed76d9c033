using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Starts a command in a shell.</summary>
/// <param name="Command">The program, or the whole line.</param>
/// <param name="Arguments">What follows it; joined by blanks, not quoted.</param>
/// <remarks>MS-WSMV, "CommandLine".</remarks>
public sealed record CommandLine(string Command, IReadOnlyList<string> Arguments) : IBody<CommandLine>
{
    /// <summary>Elements of arguments that one command may have.</summary>
    public const int MaxArguments = 4096;

    /// <summary>The id the client chose; null leaves it to the service.</summary>
    public string? CommandId { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:CommandLine CommandId=""?> <rsp:Command/> <rsp:Arguments/>* </rsp:CommandLine>

    /// <inheritdoc/>
    public static CommandLine Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("CommandLine", Namespaces.Shell))
        {
            body.Enter("CommandLine", Namespaces.Shell);
        }

        var id = body.Attribute("CommandId");
        var command = "";
        var arguments = new List<string>();
        body.Enter();
        while (body.NextChild())
        {
            if (body.LocalName == "Command")
            {
                command = body.ReadRawText();
            }
            else if (body.LocalName == "Arguments" && arguments.Count < MaxArguments)
            {
                arguments.Add(body.ReadRawText());
            }
            else
            {
                body.Skip();
            }
        }

        return new CommandLine(command, arguments) { CommandId = id };
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:CommandLine"u8);
        if (CommandId is not null)
        {
            xml.Attribute("CommandId"u8, CommandId);
        }

        xml.Element("rsp:Command"u8, Command);
        foreach (var argument in Arguments)
        {
            xml.Element("rsp:Arguments"u8, argument);
        }

        xml.End("rsp:CommandLine"u8);
    }
}

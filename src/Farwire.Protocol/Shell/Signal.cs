using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Interrupts or ends a command.</summary>
/// <param name="Code">One of the signal URIs in <see cref="ShellNames"/>, compared without regard to case.</param>
/// <remarks>MS-WSMV, "Signal".</remarks>
public sealed record Signal(string Code) : IBody<Signal>
{
    /// <summary>The command; null for the shell itself.</summary>
    public string? CommandId { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Signal CommandId=""?> <rsp:Code/> </rsp:Signal>

    /// <inheritdoc/>
    public static Signal Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("Signal", Namespaces.Shell))
        {
            body.Enter("Signal", Namespaces.Shell);
        }

        var id = body.Attribute("CommandId");
        var code = "";
        body.Enter();
        while (body.NextChild())
        {
            if (body.LocalName == "Code")
            {
                code = body.ReadText();
            }
            else
            {
                body.Skip();
            }
        }

        return new Signal(code) { CommandId = id };
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Signal"u8);
        if (CommandId is not null)
        {
            xml.Attribute("CommandId"u8, CommandId);
        }

        xml.Element("rsp:Code"u8, Code);
        xml.End("rsp:Signal"u8);
    }
}

/// <summary>The answer to <see cref="Signal"/>: the element is there, and empty.</summary>
/// <remarks>MS-WSMV, "SignalResponse".</remarks>
public sealed record SignalResponse : IBody
{
    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml) => xml.Empty("rsp:SignalResponse"u8);
}

using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Takes over a shell, or one of its commands, that its client has left: from any session of the same user.</summary>
/// <remarks>MS-WSMV, "Connect".</remarks>
public sealed record Connect : IBody<Connect>
{
    /// <summary>The command; null for the shell itself.</summary>
    public string? CommandId { get; init; }

    /// <summary>Data of shells that need some, such as PowerShell: one XML element.</summary>
    public string? ConnectXml { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Connect CommandId=""?> <connectXml/>? </rsp:Connect>

    /// <inheritdoc/>
    public static Connect Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("Connect", Namespaces.Shell))
        {
            body.Enter("Connect", Namespaces.Shell);
        }

        var connect = new Connect { CommandId = body.Attribute("CommandId") };
        body.Enter();
        while (body.NextChild())
        {
            if (body.LocalName == "connectXml")
            {
                connect = connect with { ConnectXml = body.ReadOuterXml() };
            }
            else
            {
                body.Skip();
            }
        }

        return connect;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Connect"u8);
        if (CommandId is not null)
        {
            xml.Attribute("CommandId"u8, CommandId);
        }

        if (ConnectXml is not null)
        {
            xml.RawContent(System.Text.Encoding.UTF8.GetBytes(ConnectXml));
        }

        xml.End("rsp:Connect"u8);
    }
}

/// <summary>The streams of the shell that was taken over; empty for a command.</summary>
/// <remarks>MS-WSMV, "ConnectResponse".</remarks>
public sealed record ConnectResponse : IBody<ConnectResponse>
{
    /// <summary>Streams from client to command; null in the answer about a command.</summary>
    public IReadOnlyList<string>? InputStreams { get; init; }

    /// <summary>Streams from command to client; null in the answer about a command.</summary>
    public IReadOnlyList<string>? OutputStreams { get; init; }

    /// <summary>Data of shells that answer with some, such as PowerShell: one XML element.</summary>
    public string? ConnectResponseXml { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:ConnectResponse> (<rsp:InputStreams/> <rsp:OutputStreams/> <connectResponseXml/>?)? </rsp:ConnectResponse>

    /// <inheritdoc/>
    public static ConnectResponse Read(BodyReader body)
    {
        var response = new ConnectResponse();
        body.Enter("ConnectResponse", Namespaces.Shell);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "InputStreams": response = response with { InputStreams = CreateShell.ReadNames(body) }; break;
                case "OutputStreams": response = response with { OutputStreams = CreateShell.ReadNames(body) }; break;
                case "connectResponseXml": response = response with { ConnectResponseXml = body.ReadOuterXml() }; break;
                default: body.Skip(); break;
            }
        }

        return response;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:ConnectResponse"u8);
        if (InputStreams is not null)
        {
            xml.Element("rsp:InputStreams"u8, string.Join(' ', InputStreams));
        }

        if (OutputStreams is not null)
        {
            xml.Element("rsp:OutputStreams"u8, string.Join(' ', OutputStreams));
        }

        if (ConnectResponseXml is not null)
        {
            xml.RawContent(System.Text.Encoding.UTF8.GetBytes(ConnectResponseXml));
        }

        xml.End("rsp:ConnectResponse"u8);
    }
}

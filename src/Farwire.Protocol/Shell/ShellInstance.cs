using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>A shell as the service describes it: beside ResourceCreated, and as an item of an enumeration of shells.</summary>
/// <remarks>MS-WSMV, "Shell". Server 2008 does not send it with Create.</remarks>
public sealed record ShellInstance(string ShellId, string ResourceUri) : IBody<ShellInstance>
{
    /// <summary>The name the client gave.</summary>
    public string? Name { get; init; }

    /// <summary>Whose shell it is.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The address its client came from.</summary>
    public string ClientIP { get; init; } = "";

    /// <summary>The process behind it, when there is one.</summary>
    public long? ProcessId { get; init; }

    /// <summary>Where commands start.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>How long it lives without a request.</summary>
    public TimeSpan IdleTimeOut { get; init; }

    /// <summary>Streams from client to command.</summary>
    public IReadOnlyList<string> InputStreams { get; init; } = [];

    /// <summary>Streams from command to client.</summary>
    public IReadOnlyList<string> OutputStreams { get; init; } = [];

    /// <summary>Its age.</summary>
    public TimeSpan ShellRunTime { get; init; }

    /// <summary>The time since its last request.</summary>
    public TimeSpan ShellInactivity { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Shell>
    //   <rsp:ShellId/> <rsp:Name/>? <rsp:ResourceUri/> <rsp:Owner/> <rsp:ClientIP/> <rsp:ProcessId/>? <rsp:WorkingDirectory/>?
    //   <rsp:IdleTimeOut/> <rsp:InputStreams/> <rsp:OutputStreams/> <rsp:ShellRunTime/> <rsp:ShellInactivity/>
    // </rsp:Shell>

    /// <inheritdoc/>
    public static ShellInstance Read(BodyReader body)
    {
        var shell = new ShellInstance("", "");
        body.Enter("Shell", Namespaces.Shell);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "ShellId": shell = shell with { ShellId = body.ReadText() }; break;
                case "Name": shell = shell with { Name = body.ReadText() }; break;
                case "ResourceUri": shell = shell with { ResourceUri = body.ReadText() }; break;
                case "Owner": shell = shell with { Owner = body.ReadText() }; break;
                case "ClientIP": shell = shell with { ClientIP = body.ReadText() }; break;
                case "ProcessId": shell = shell with { ProcessId = long.TryParse(body.ReadText(), out var id) ? id : null }; break;
                case "WorkingDirectory": shell = shell with { WorkingDirectory = body.ReadText() }; break;
                case "IdleTimeOut": shell = shell with { IdleTimeOut = ReadAge(body) }; break;
                case "InputStreams": shell = shell with { InputStreams = CreateShell.ReadNames(body) }; break;
                case "OutputStreams": shell = shell with { OutputStreams = CreateShell.ReadNames(body) }; break;
                case "ShellRunTime": shell = shell with { ShellRunTime = ReadAge(body) }; break;
                case "ShellInactivity": shell = shell with { ShellInactivity = ReadAge(body) }; break;
                default: body.Skip(); break;
            }
        }

        return shell;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Shell"u8);
        xml.Attribute("xmlns:rsp"u8, Namespaces.Shell);
        xml.Element("rsp:ShellId"u8, ShellId);
        if (Name is not null)
        {
            xml.Element("rsp:Name"u8, Name);
        }

        xml.Element("rsp:ResourceUri"u8, ResourceUri);
        xml.Element("rsp:Owner"u8, Owner);
        xml.Element("rsp:ClientIP"u8, ClientIP);
        if (ProcessId is { } id)
        {
            xml.Element("rsp:ProcessId"u8, id);
        }

        if (WorkingDirectory is not null)
        {
            xml.Element("rsp:WorkingDirectory"u8, WorkingDirectory);
        }

        xml.Element("rsp:IdleTimeOut"u8, XmlDuration.Format(IdleTimeOut));
        xml.Element("rsp:InputStreams"u8, string.Join(' ', InputStreams));
        xml.Element("rsp:OutputStreams"u8, string.Join(' ', OutputStreams));
        xml.Element("rsp:ShellRunTime"u8, XmlDuration.FormatAge(ShellRunTime));
        xml.Element("rsp:ShellInactivity"u8, XmlDuration.FormatAge(ShellInactivity));
        xml.End("rsp:Shell"u8);
    }

    private static TimeSpan ReadAge(BodyReader body) => XmlDuration.TryParse(body.ReadText(), out var age) ? age : TimeSpan.Zero;
}

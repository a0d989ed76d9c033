using System.Globalization;
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

    /// <summary>Environment variables the client set, in order; empty when it set none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where commands start.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>When it ends by itself; null never.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How long it lives without a request.</summary>
    public TimeSpan IdleTimeOut { get; init; }

    /// <summary>Streams from client to command.</summary>
    public IReadOnlyList<string> InputStreams { get; init; } = [];

    /// <summary>Streams from command to client.</summary>
    public IReadOnlyList<string> OutputStreams { get; init; } = [];

    /// <summary>How long a disconnected shell may live at most. This and the members down to <see cref="State"/> are told of shells that can disconnect.</summary>
    public TimeSpan? MaxIdleTimeOut { get; init; }

    /// <summary>The language of its texts.</summary>
    public string? Locale { get; init; }

    /// <summary>The language of its numbers and dates.</summary>
    public string? DataLocale { get; init; }

    /// <summary><c>NoCompression</c> or <c>XpressCompression</c>.</summary>
    public string? CompressionMode { get; init; }

    /// <summary>The user's profile was read; <c>Yes</c> or <c>No</c> on the wire.</summary>
    public bool? ProfileLoaded { get; init; }

    /// <summary>The encoding of its streams, such as <c>UTF8</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary><c>Block</c> or <c>Drop</c>: what happens to output while nobody is connected.</summary>
    public string? BufferMode { get; init; }

    /// <summary><c>Connected</c> or <c>Disconnected</c>.</summary>
    public string? State { get; init; }

    /// <summary>Its age.</summary>
    public TimeSpan ShellRunTime { get; init; }

    /// <summary>The time since its last request.</summary>
    public TimeSpan ShellInactivity { get; init; }

    /// <summary>Memory of its processes, such as <c>51MB</c>; told in lists of shells.</summary>
    public string? MemoryUsed { get; init; }

    /// <summary>Processes in it; told in lists of shells.</summary>
    public long? ChildProcesses { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Shell>
    //   <rsp:ShellId/> <rsp:Name/>? <rsp:ResourceUri/> <rsp:Owner/> <rsp:ClientIP/> <rsp:ProcessId/>? <rsp:Environment/>? <rsp:WorkingDirectory/>?
    //   <rsp:Lifetime/>? <rsp:IdleTimeOut/> <rsp:InputStreams/> <rsp:OutputStreams/>
    //   <rsp:MaxIdleTimeOut/>? <rsp:Locale/>? <rsp:DataLocale/>? <rsp:CompressionMode/>? <rsp:ProfileLoaded/>? <rsp:Encoding/>?
    //   <rsp:BufferMode/>? <rsp:State/>? <rsp:ShellRunTime/> <rsp:ShellInactivity/> <rsp:MemoryUsed/>? <rsp:ChildProcesses/>?
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
                case "ProcessId": shell = shell with { ProcessId = ReadNumber(body) }; break;
                case "Environment": shell = shell with { Environment = CreateShell.ReadEnvironment(body) }; break;
                case "WorkingDirectory": shell = shell with { WorkingDirectory = body.ReadText() }; break;
                case "Lifetime": shell = shell with { Lifetime = ReadAge(body) }; break;
                case "IdleTimeOut": shell = shell with { IdleTimeOut = ReadAge(body) }; break;
                case "InputStreams": shell = shell with { InputStreams = CreateShell.ReadNames(body) }; break;
                case "OutputStreams": shell = shell with { OutputStreams = CreateShell.ReadNames(body) }; break;
                case "MaxIdleTimeOut": shell = shell with { MaxIdleTimeOut = ReadAge(body) }; break;
                case "Locale": shell = shell with { Locale = body.ReadText() }; break;
                case "DataLocale": shell = shell with { DataLocale = body.ReadText() }; break;
                case "CompressionMode": shell = shell with { CompressionMode = body.ReadText() }; break;
                case "ProfileLoaded": shell = shell with { ProfileLoaded = body.ReadText() == "Yes" }; break;
                case "Encoding": shell = shell with { Encoding = body.ReadText() }; break;
                case "BufferMode": shell = shell with { BufferMode = body.ReadText() }; break;
                case "State": shell = shell with { State = body.ReadText() }; break;
                case "ShellRunTime": shell = shell with { ShellRunTime = ReadAge(body) }; break;
                case "ShellInactivity": shell = shell with { ShellInactivity = ReadAge(body) }; break;
                case "MemoryUsed": shell = shell with { MemoryUsed = body.ReadText() }; break;
                case "ChildProcesses": shell = shell with { ChildProcesses = ReadNumber(body) }; break;
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
        Optional(xml, "rsp:Name"u8, Name);
        xml.Element("rsp:ResourceUri"u8, ResourceUri);
        xml.Element("rsp:Owner"u8, Owner);
        xml.Element("rsp:ClientIP"u8, ClientIP);
        if (ProcessId is { } id)
        {
            xml.Element("rsp:ProcessId"u8, id);
        }

        CreateShell.WriteEnvironment(xml, Environment);
        Optional(xml, "rsp:WorkingDirectory"u8, WorkingDirectory);
        Optional(xml, "rsp:Lifetime"u8, Lifetime is { } lifetime ? XmlDuration.Format(lifetime) : null);
        xml.Element("rsp:IdleTimeOut"u8, XmlDuration.Format(IdleTimeOut));
        xml.Element("rsp:InputStreams"u8, string.Join(' ', InputStreams));
        xml.Element("rsp:OutputStreams"u8, string.Join(' ', OutputStreams));
        Optional(xml, "rsp:MaxIdleTimeOut"u8, MaxIdleTimeOut is { } most ? XmlDuration.Format(most) : null);
        Optional(xml, "rsp:Locale"u8, Locale);
        Optional(xml, "rsp:DataLocale"u8, DataLocale);
        Optional(xml, "rsp:CompressionMode"u8, CompressionMode);
        Optional(xml, "rsp:ProfileLoaded"u8, ProfileLoaded is { } loaded ? loaded ? "Yes" : "No" : null);
        Optional(xml, "rsp:Encoding"u8, Encoding);
        Optional(xml, "rsp:BufferMode"u8, BufferMode);
        Optional(xml, "rsp:State"u8, State);
        xml.Element("rsp:ShellRunTime"u8, XmlDuration.FormatAge(ShellRunTime));
        xml.Element("rsp:ShellInactivity"u8, XmlDuration.FormatAge(ShellInactivity));
        Optional(xml, "rsp:MemoryUsed"u8, MemoryUsed);
        if (ChildProcesses is { } children)
        {
            xml.Element("rsp:ChildProcesses"u8, children);
        }

        xml.End("rsp:Shell"u8);
    }

    private static void Optional(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            xml.Element(name, value);
        }
    }

    private static long? ReadNumber(BodyReader body) =>
        long.TryParse(body.ReadText(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan ReadAge(BodyReader body) => XmlDuration.TryParse(body.ReadText(), out var age) ? age : TimeSpan.Zero;
}

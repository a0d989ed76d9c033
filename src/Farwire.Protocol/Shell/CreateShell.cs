using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>What a client wants of a new shell: the body of Create.</summary>
/// <remarks>MS-WSMV, "wst:Create" of remote shells. Elements come in any order.</remarks>
public sealed record CreateShell : IBody<CreateShell>
{
    /// <summary>Variables that one shell may be given.</summary>
    public const int MaxVariables = 4096;

    /// <summary>The id the client chose; null leaves it to the service.</summary>
    public string? ShellId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Environment variables, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where commands start; null is the user's home.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>When the shell ends by itself.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How long the shell lives without a request.</summary>
    public TimeSpan? IdleTimeOut { get; init; }

    /// <summary>Streams from client to command.</summary>
    public IReadOnlyList<string> InputStreams { get; init; } = [];

    /// <summary>Streams from command to client.</summary>
    public IReadOnlyList<string> OutputStreams { get; init; } = [];

    /// <summary>Creation data of shells that need some, such as PowerShell: one XML element.</summary>
    public string? CreationXml { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Shell ShellId=""? Name=""?>
    //   <rsp:Environment> <rsp:Variable Name=""/>* </rsp:Environment>? <rsp:WorkingDirectory/>? <rsp:Lifetime/>?
    //   <rsp:IdleTimeOut/>? <rsp:InputStreams/> <rsp:OutputStreams/> <creationXml/>?
    // </rsp:Shell>

    /// <inheritdoc/>
    public static CreateShell Read(BodyReader body)
    {
        if (!body.HasElement || !body.Is("Shell", Namespaces.Shell))
        {
            body.Enter("Shell", Namespaces.Shell);
        }

        var shell = new CreateShell { ShellId = body.Attribute("ShellId"), Name = body.Attribute("Name") };
        body.Enter();
        while (body.NextChild())
        {
            shell = body.LocalName switch
            {
                "Environment" => shell with { Environment = ReadEnvironment(body) },
                "WorkingDirectory" => shell with { WorkingDirectory = body.ReadText() },
                "Lifetime" => shell with { Lifetime = ReadDuration(body) },
                "IdleTimeOut" or "IdleTimeout" => shell with { IdleTimeOut = ReadDuration(body) }, // two clients write the second
                "InputStreams" => shell with { InputStreams = ReadNames(body) },
                "OutputStreams" => shell with { OutputStreams = ReadNames(body) },
                "creationXml" => shell with { CreationXml = body.ReadOuterXml() },
                _ => Skipped(body, shell),
            };
        }

        return shell;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Shell"u8);
        if (ShellId is not null)
        {
            xml.Attribute("ShellId"u8, ShellId);
        }

        if (Name is not null)
        {
            xml.Attribute("Name"u8, Name);
        }

        WriteEnvironment(xml, Environment);
        if (WorkingDirectory is not null)
        {
            xml.Element("rsp:WorkingDirectory"u8, WorkingDirectory);
        }

        if (Lifetime is { } lifetime)
        {
            xml.Element("rsp:Lifetime"u8, XmlDuration.Format(lifetime));
        }

        if (IdleTimeOut is { } idle)
        {
            xml.Element("rsp:IdleTimeOut"u8, XmlDuration.Format(idle));
        }

        xml.Element("rsp:InputStreams"u8, string.Join(' ', InputStreams));
        xml.Element("rsp:OutputStreams"u8, string.Join(' ', OutputStreams));
        if (CreationXml is not null)
        {
            xml.RawContent(System.Text.Encoding.UTF8.GetBytes(CreationXml));
        }

        xml.End("rsp:Shell"u8);
    }

    internal static IReadOnlyList<string> ReadNames(BodyReader body) =>
        body.ReadText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    internal static TimeSpan ReadDuration(BodyReader body)
    {
        var name = body.LocalName;
        var text = body.ReadText();
        return XmlDuration.TryParse(text, out var duration)
            ? duration
            : throw FaultCatalog.InvalidParameter.Fault($"{name} is a duration such as PT180S, not '{text}'.");
    }

    internal static void WriteEnvironment(XmlUtf8Writer xml, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        if (environment.Count == 0)
        {
            return;
        }

        xml.Start("rsp:Environment"u8);
        foreach (var (name, value) in environment)
        {
            xml.Start("rsp:Variable"u8);
            xml.Attribute("Name"u8, name);
            xml.Text(value);
            xml.End("rsp:Variable"u8);
        }

        xml.End("rsp:Environment"u8);
    }

    internal static List<KeyValuePair<string, string>> ReadEnvironment(BodyReader body)
    {
        var variables = new List<KeyValuePair<string, string>>();
        body.Enter();
        while (body.NextChild())
        {
            if (!body.Is("Variable", Namespaces.Shell))
            {
                body.Skip();
                continue;
            }

            if (variables.Count == MaxVariables)
            {
                throw FaultCatalog.QuotaLimit.Fault($"a shell takes at most {MaxVariables} variables.");
            }

            var name = body.Attribute("Name") ?? "";
            variables.Add(new KeyValuePair<string, string>(name, body.ReadRawText()));
        }

        return variables;
    }

    private static CreateShell Skipped(BodyReader body, CreateShell shell)
    {
        body.Skip();
        return shell;
    }
}

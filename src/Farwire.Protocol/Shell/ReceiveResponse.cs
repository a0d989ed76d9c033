using System.Globalization;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Output of a command, and its state.</summary>
/// <param name="Streams">The pieces, in the order the process wrote them.</param>
/// <remarks>MS-WSMV, "ReceiveResponse". Never empty: without output the answer is a TimedOut fault.</remarks>
public sealed record ReceiveResponse(IReadOnlyList<StreamData> Streams) : IBody<ReceiveResponse>
{
    /// <summary>The command whose state follows; null for a shell's own streams, which have none.</summary>
    public string? CommandId { get; init; }

    /// <summary>One of <see cref="ShellNames.Running"/>, <see cref="ShellNames.Pending"/>, <see cref="ShellNames.Done"/>; null when absent.</summary>
    public string? State { get; init; }

    /// <summary>What the command returned, once done; Windows writes codes from 2^31 signed or unsigned.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The command has ended.</summary>
    public bool IsDone => string.Equals(State, ShellNames.Done, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:ReceiveResponse>
    //   <rsp:Stream/>*
    //   <rsp:CommandState CommandId="" State=""> <rsp:ExitCode/>? </rsp:CommandState>?
    // </rsp:ReceiveResponse>

    /// <inheritdoc/>
    public static ReceiveResponse Read(BodyReader body)
    {
        var streams = new List<StreamData>();
        var response = new ReceiveResponse(streams);
        body.Enter("ReceiveResponse", Namespaces.Shell);
        while (body.NextChild())
        {
            if (StreamData.IsAt(body))
            {
                streams.Add(StreamData.Read(body));
            }
            else if (body.Is("CommandState", Namespaces.Shell))
            {
                response = ReadState(body, response);
            }
            else
            {
                body.Skip();
            }
        }

        return response;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:ReceiveResponse"u8);
        foreach (var stream in Streams)
        {
            stream.Write(xml);
        }

        if (State is not null)
        {
            xml.Start("rsp:CommandState"u8);
            xml.Attribute("CommandId"u8, CommandId);
            xml.Attribute("State"u8, State);
            if (ExitCode is { } code)
            {
                xml.Element("rsp:ExitCode"u8, code);
            }

            xml.End("rsp:CommandState"u8);
        }

        xml.End("rsp:ReceiveResponse"u8);
    }

    private static ReceiveResponse ReadState(BodyReader body, ReceiveResponse response)
    {
        response = response with
        {
            CommandId = body.Attribute("CommandId"),
            State = body.Attribute("State"),
            ExitCode = ParseExitCode(body.Attribute("ExitCode")), // OMI's place for it
        };
        body.Enter();
        while (body.NextChild())
        {
            if (body.LocalName == "ExitCode")
            {
                response = response with { ExitCode = ParseExitCode(body.ReadText()) };
            }
            else
            {
                body.Skip();
            }
        }

        return response;
    }

    private static int? ParseExitCode(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? unchecked((int)code) : null;
}

using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>A piece of a stream.</summary>
/// <param name="Name">The stream.</param>
/// <param name="Data">Its bytes, base64 on the wire; a piece may cut a character in two.</param>
/// <remarks>MS-WSMV, "Stream".</remarks>
public sealed record StreamData(string Name, ReadOnlyMemory<byte> Data)
{
    /// <summary>The command it belongs to; null for the shell itself.</summary>
    public string? CommandId { get; init; }

    /// <summary>Nothing follows on this stream.</summary>
    public bool End { get; init; }

    // <rsp:Stream Name="" CommandId=""? End=""?>base64</rsp:Stream>

    internal static StreamData Read(BodyReader body)
    {
        var name = body.Attribute("Name") ?? "";
        var id = body.Attribute("CommandId");
        var end = body.Attribute("End") is { } value && (value.Trim() == "1" || value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase));
        return new StreamData(name, body.ReadBase64()) { CommandId = id, End = end };
    }

    internal void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Stream"u8);
        xml.Attribute("Name"u8, Name);
        if (CommandId is not null)
        {
            xml.Attribute("CommandId"u8, CommandId);
        }

        if (End)
        {
            xml.Attribute("End"u8, "true"u8);
        }

        xml.Base64(Data.Span);
        xml.End("rsp:Stream"u8);
    }

    internal static bool IsAt(BodyReader body) => body.Is("Stream", Namespaces.Shell);
}

using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Shell;

/// <summary>Leaves a shell: it runs on without a client, for a while.</summary>
/// <remarks>MS-WSMV, "Disconnect". The answer's body is empty.</remarks>
public sealed record Disconnect : IBody<Disconnect>
{
    /// <summary>How long the shell lives without a client; null keeps its idle time.</summary>
    public TimeSpan? IdleTimeOut { get; init; }

    /// <summary>What becomes of its output; null keeps it as it is.</summary>
    public BufferMode? BufferMode { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Shell;

    // <rsp:Disconnect> <rsp:IdleTimeOut/>? <rsp:BufferMode/>? </rsp:Disconnect>

    /// <inheritdoc/>
    public static Disconnect Read(BodyReader body)
    {
        var disconnect = new Disconnect();
        if (!body.HasElement)
        {
            return disconnect; // nothing is asked for
        }

        body.Enter("Disconnect", Namespaces.Shell);
        while (body.NextChild())
        {
            switch (body.LocalName)
            {
                case "IdleTimeOut" or "IdleTimeout":
                    disconnect = disconnect with { IdleTimeOut = CreateShell.ReadDuration(body) };
                    break;
                case "BufferMode":
                    disconnect = disconnect with { BufferMode = ReadMode(body.ReadText()) };
                    break;
                default:
                    body.Skip();
                    break;
            }
        }

        return disconnect;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("rsp:Disconnect"u8);
        if (IdleTimeOut is { } idle)
        {
            xml.Element("rsp:IdleTimeOut"u8, XmlDuration.Format(idle));
        }

        if (BufferMode is { } mode)
        {
            xml.Element("rsp:BufferMode"u8, mode.ToString());
        }

        xml.End("rsp:Disconnect"u8);
    }

    private static BufferMode ReadMode(string text) => Enum.TryParse<BufferMode>(text, ignoreCase: true, out var mode) && Enum.IsDefined(mode)
        ? mode
        : throw FaultCatalog.InvalidParameter.Fault($"BufferMode is Block or Drop, not '{text}'.");
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Xml;

namespace Farwire.Shells.PowerShell;

/// <summary>One word of the conversation with a PowerShell that serves its standard streams.</summary>
/// <param name="Name">What it is: Data, DataAck, Command, CommandAck, Close, CloseAck, Signal, SignalAck.</param>
/// <param name="Target">The pipeline; all zeros for the runspace pool.</param>
/// <param name="Stream">Data only: Default, or PromptResponse.</param>
/// <param name="Fragments">Data only: PSRP fragments.</param>
internal sealed record OutOfProcessElement(string Name, Guid Target, string Stream = "", ReadOnlyMemory<byte> Fragments = default)
{
    public const string Data = "Data";
    public const string Command = "Command";
    public const string Close = "Close";
    public const string Signal = "Signal";
    public const string Default = "Default";
    public const string PromptResponse = "PromptResponse";

    /// <summary>The answer to <paramref name="name"/>.</summary>
    public static string AckOf(string name) => name + "Ack";

    // <Data Stream='Default' PSGuid='…'>base64</Data>
    // <Command PSGuid='…' />
    public byte[] ToLine() => Encoding.ASCII.GetBytes(Name == Data
        ? $"<Data Stream='{Stream}' PSGuid='{Target:D}'>{Convert.ToBase64String(Fragments.Span)}</Data>\n"
        : $"<{Name} PSGuid='{Target:D}' />\n");

    /// <summary>Reads a line; null when it is none of the conversation, as what a profile prints.</summary>
    public static OutOfProcessElement? Parse(string line)
    {
        if (!line.StartsWith('<'))
        {
            return null;
        }

        using var xml = XmlReader.Create(new StringReader(line), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        try
        {
            xml.MoveToContent();
            var name = xml.LocalName;
            if (!Guid.TryParse(xml.GetAttribute("PSGuid"), out var target))
            {
                return null;
            }

            return name == Data
                ? new OutOfProcessElement(name, target, xml.GetAttribute("Stream") ?? Default, Convert.FromBase64String(xml.ReadElementContentAsString()))
                : new OutOfProcessElement(name, target);
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads the lines of a stream, each of bounded length.</summary>
    public static async IAsyncEnumerable<OutOfProcessElement> ReadAsync(Stream stream, int maxLine)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync().ConfigureAwait(false);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    if (Parse(Encoding.UTF8.GetString(rest.Slice(0, end)).Trim()) is { } element)
                    {
                        yield return element;
                    }

                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted || rest.Length > maxLine)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}

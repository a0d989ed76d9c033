using System.Buffers;
using System.Text;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.Run;

/// <summary>The output of one host of many: whole lines with its name in front, as they are complete.</summary>
internal sealed class HostLines(string host, LiveTable table, Stream output, Stream errors)
{
    private const int MaxLineBytes = 64 * 1024;

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(host + ": ");
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _errors = new();

    public void Write(StreamData piece)
    {
        var isError = piece.Name.Equals("stderr", StringComparison.OrdinalIgnoreCase);
        var open = isError ? _errors : _output;
        var data = piece.Data.Span;
        while (data.IndexOf((byte)'\n') is >= 0 and var end)
        {
            open.Write(data[..(end + 1)]);
            data = data[(end + 1)..];
            Take(open, isError);
        }

        open.Write(data);
        if (open.WrittenCount > MaxLineBytes)
        {
            End(open, isError);
        }
    }

    /// <summary>What stands on the last line, though it has no end.</summary>
    public void End()
    {
        End(_output, isError: false);
        End(_errors, isError: true);
    }

    private void End(ArrayBufferWriter<byte> open, bool isError)
    {
        if (open.WrittenCount > 0)
        {
            open.Write("\n"u8);
            Take(open, isError);
        }
    }

    private void Take(ArrayBufferWriter<byte> line, bool isError)
    {
        table.Write(isError ? errors : output, _prefix, line.WrittenSpan);
        line.ResetWrittenCount();
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Farwire.CommandLine.Output;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.WinRs;

/// <summary><c>-o json</c> of a command: one object a line for each piece of output, and one for the code; of many hosts each says whose it is.</summary>
/// <remarks>A piece may cut a character in two: its first bytes wait for the next piece. What is not UTF-8 comes as base64.</remarks>
internal sealed class JsonPieces(Stream output, string? host = null)
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly Dictionary<string, byte[]> _cut = new(StringComparer.Ordinal);

    public void Write(StreamData piece)
    {
        byte[] bytes = _cut.Remove(piece.Name, out var start) ? [.. start, .. piece.Data.Span] : piece.Data.ToArray();
        var whole = bytes.Length - CutBytes(bytes);
        if (whole < bytes.Length)
        {
            _cut[piece.Name] = bytes[whole..];
        }

        if (whole > 0)
        {
            Line(json => Piece(json, piece.Name, bytes.AsSpan(0, whole)));
        }
    }

    public void End(int code)
    {
        foreach (var (name, bytes) in _cut)
        {
            Line(json => Piece(json, name, bytes));
        }

        Line(json => json.WriteNumber("exitCode", code));
    }

    // How many bytes at the end begin a character that is not complete: at most three.
    private static int CutBytes(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if ((b & 0xC0) == 0x80)
            {
                continue;
            }

            var needed = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            return needed > back ? back : 0;
        }

        return 0;
    }

    private static void Piece(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        json.WriteString("stream", name);
        if (Utf8.IsValid(bytes))
        {
            json.WriteString("text", bytes);
        }
        else
        {
            json.WriteBase64String("base64", bytes);
        }
    }

    private void Line(Action<Utf8JsonWriter> content)
    {
        // A line goes out in one piece, for hosts that speak at the same time.
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Faults.JsonOptions))
        {
            json.WriteStartObject();
            if (host is not null)
            {
                json.WriteString("host", host);
            }

            content(json);
            json.WriteEndObject();
        }

        line.Write(LineEnd);
        lock (output)
        {
            output.Write(line.WrittenSpan);
            output.Flush();
        }
    }
}

using System.Buffers.Text;

namespace Farwire.Benchmarks.Load.Load;

/// <summary>As much of HTTP as a load generator needs: where an answer ends, and that it is a good one.</summary>
internal static class HttpAnswer
{
    /// <summary>Length of the whole answer at the start of <paramref name="bytes"/>, or 0 while its header is not there yet.</summary>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        var header = bytes.IndexOf("\r\n\r\n"u8);
        if (header < 0)
        {
            return 0;
        }

        var head = bytes[..header];
        if (!head.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidDataException($"The server answered {System.Text.Encoding.UTF8.GetString(bytes)}");
        }

        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _)
            ? header + 4 + length
            : throw new InvalidDataException("The answer has no Content-Length.");
    }
}

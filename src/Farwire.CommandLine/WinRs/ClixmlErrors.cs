using System.Diagnostics.CodeAnalysis;
using System.Text;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;

namespace Farwire.CommandLine.WinRs;

/// <summary>What a PowerShell that was started as a program writes to its standard error: objects, marked <c>#&lt; CLIXML</c>, made the text they stand for.</summary>
/// <remarks>Only errors that begin with the mark are touched. Progress is no error and is left out; what cannot be read goes on as it came.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "It holds memory alone.")]
internal sealed class ClixmlErrors
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly byte[] Mark = "#< CLIXML"u8.ToArray();
    private static readonly byte[] End = "</Objs>"u8.ToArray();

    private readonly MemoryStream _held = new();
    private bool _isPlain;

    /// <summary>Takes a piece, and gives what can be shown of all that came.</summary>
    public ReadOnlyMemory<byte> Add(ReadOnlyMemory<byte> piece)
    {
        if (_isPlain)
        {
            return piece;
        }

        _held.Write(piece.Span);
        var held = _held.GetBuffer().AsMemory(0, (int)_held.Length);
        var length = Math.Min(held.Length, Mark.Length);
        if (!held.Span[..length].SequenceEqual(Mark.AsSpan(0, length)) || held.Length > MaxBytes)
        {
            _isPlain = true;
            return held;
        }

        return held.Span.IndexOf(End) is >= 0 and var end ? Take(held, end + End.Length) : default;
    }

    /// <summary>Nothing follows: gives what is left.</summary>
    public ReadOnlyMemory<byte> Rest()
    {
        var held = _held.ToArray();
        _held.SetLength(0);
        return _isPlain ? default : held;
    }

    // What follows the document may be another one.
    private ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> held, int length)
    {
        var text = Text(held[..length]);
        var rest = held[length..].ToArray().AsMemory();
        _held.SetLength(0);
        return rest.IsEmpty ? text : (byte[])[.. text.Span, .. Add(rest.Span.TrimStart("\r\n"u8) is var next ? next.ToArray() : rest).Span];
    }

    private static ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> document)
    {
        try
        {
            var text = new StringBuilder();
            foreach (var (stream, value) in ClixmlReader.ReadDocument(Encoding.UTF8.GetString(document.Span)))
            {
                text.Append((stream ?? "").ToUpperInvariant() switch
                {
                    "PROGRESS" => "",
                    "ERROR" or "OUTPUT" or "" => value?.ToString(),
                    var other => $"{other}: {value}{(value is string line && line.EndsWith('\n') ? "" : "\n")}",
                });
            }

            return Encoding.UTF8.GetBytes(text.ToString());
        }
        catch (PowerShellProtocolException)
        {
            return document;
        }
    }
}

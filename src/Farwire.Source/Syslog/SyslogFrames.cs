using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace Farwire.Source.Syslog;

/// <summary>Messages out of a stream: counted, or each ended by a line feed. A message that is too long is cut.</summary>
/// <remarks>RFC 6587, "Octet Counting" and "Non-Transparent-Framing"; RFC 5425, "Message Length". One stream may mix both.</remarks>
internal sealed class SyslogFrames(PipeReader stream)
{
    /// <summary>Bytes of a message that are kept.</summary>
    public const int MaxMessage = 64 * 1024;

    private const int MaxCounted = 16 * 1024 * 1024; // whoever announces more is lost in the stream
    private const int MaxDigits = 9;

    private static readonly SearchValues<byte> Ends = SearchValues.Create("\n\0"u8);

    /// <summary>The next message; null at the end.</summary>
    /// <exception cref="InvalidDataException">The stream is no frames.</exception>
    public async ValueTask<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (first, ended) = await PeekAsync(cancellationToken).ConfigureAwait(false);
            if (ended)
            {
                return null;
            }

            if (first is (byte)'\n' or (byte)'\r' or 0)
            {
                await TakeAsync(1, keep: false, cancellationToken).ConfigureAwait(false); // what is left of a frame before
                continue;
            }

            return first is >= (byte)'1' and <= (byte)'9'
                ? await CountedAsync(cancellationToken).ConfigureAwait(false)
                : await LineAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<(byte First, bool Ended)> PeekAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
        var first = read.Buffer.IsEmpty ? (byte)0 : read.Buffer.FirstSpan[0];
        stream.AdvanceTo(read.Buffer.Start, read.Buffer.IsEmpty ? read.Buffer.End : read.Buffer.Start);
        return (first, read.Buffer.IsEmpty && read.IsCompleted);
    }

    private async ValueTask<byte[]?> CountedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
            var head = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, MaxDigits + 1)).ToArray();
            var blank = head.AsSpan().IndexOf((byte)' ');
            if (blank > 0 && Utf8Parser.TryParse(head.AsSpan(0, blank), out int length, out var used) && used == blank && length <= MaxCounted)
            {
                stream.AdvanceTo(read.Buffer.GetPosition(blank + 1));
                var kept = await TakeAsync(Math.Min(length, MaxMessage), keep: true, cancellationToken).ConfigureAwait(false);
                await TakeAsync(length - Math.Min(length, MaxMessage), keep: false, cancellationToken).ConfigureAwait(false);
                return kept;
            }

            stream.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (blank >= 0 || head.Length > MaxDigits || read.IsCompleted)
            {
                throw new InvalidDataException("A message begins with a digit, but not with its length.");
            }
        }
    }

    private async ValueTask<byte[]?> TakeAsync(int length, bool keep, CancellationToken cancellationToken)
    {
        var taken = keep ? new byte[length] : null;
        for (var at = 0; at < length;)
        {
            var read = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - at));
            if (taken is not null)
            {
                part.CopyTo(taken.AsSpan(at));
            }

            at += (int)part.Length;
            stream.AdvanceTo(part.End);
            if (read.IsCompleted && at < length)
            {
                return taken?[..at]; // cut in the middle: what came is kept
            }
        }

        return taken;
    }

    private async ValueTask<byte[]?> LineAsync(CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>(256);
        while (true)
        {
            var read = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var segment in read.Buffer)
            {
                var end = segment.Span.IndexOfAny(Ends);
                var part = end < 0 ? segment.Span : segment.Span[..end];
                line.Write(part[..Math.Min(part.Length, MaxMessage - line.WrittenCount)]);
                if (end >= 0)
                {
                    var position = read.Buffer.GetPosition(ConsumedBefore(read.Buffer, segment) + end + 1);
                    stream.AdvanceTo(position);
                    return line.WrittenSpan.ToArray();
                }
            }

            stream.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return line.WrittenSpan.ToArray();
            }
        }
    }

    private static long ConsumedBefore(ReadOnlySequence<byte> buffer, ReadOnlyMemory<byte> segment)
    {
        long before = 0;
        foreach (var one in buffer)
        {
            if (one.Equals(segment))
            {
                break;
            }

            before += one.Length;
        }

        return before;
    }
}

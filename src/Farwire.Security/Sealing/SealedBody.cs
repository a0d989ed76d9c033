using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Farwire.Security.Sealing;

/// <summary>The body of a sealed message: pairs of parts, the first says what is sealed, the second is it.</summary>
/// <remarks>MS-WSMV, "Encrypted message types". Read by lengths alone, for the sealed bytes may hold anything, the boundary too.</remarks>
public static class SealedBody
{
    // --Encrypted Boundary⏎
    // ⇥Content-Type: PROTOCOL⏎
    // ⇥OriginalContent: type=TYPE;charset=CHARSET;Length=PLAIN BYTES⏎
    // --Encrypted Boundary⏎
    // ⇥Content-Type: application/octet-stream⏎
    // u32 length, header, data--Encrypted Boundary--⏎
    //
    // No blank lines, and no line break between the data and the last boundary.
    private const int MaxLineBytes = 512;

    /// <summary>What was sealed.</summary>
    /// <param name="Plain">The plain bytes: a piece of the body.</param>
    /// <param name="ContentType">The type of the plain bytes.</param>
    public readonly record struct Opened(ArraySegment<byte> Plain, string ContentType);

    /// <summary>The bytes that a message of <paramref name="plainBytes"/> may have when it is sealed, in parts of 16 KB at the least.</summary>
    public static int MaxBytes(int plainBytes) => plainBytes + (((plainBytes / 16384) + 1) * 1024);

    /// <summary>Seals <paramref name="plain"/> to <paramref name="output"/>.</summary>
    /// <returns>The content type of the message.</returns>
    public static string Write(IMessageSeal seal, string protocol, string contentType, ReadOnlySpan<byte> plain, IBufferWriter<byte> output)
    {
        var type = new SealedContentType(protocol, SealedContentType.UsualBoundary);
        var parts = 0;
        do
        {
            var chunk = plain[..Math.Min(plain.Length, seal.MaxPartBytes)];
            plain = plain[chunk.Length..];
            var head = $"--{type.Boundary}\r\n\tContent-Type: {protocol}\r\n\tOriginalContent: type={contentType};Length={chunk.Length.ToString(CultureInfo.InvariantCulture)}\r\n"
                + $"--{type.Boundary}\r\n\tContent-Type: application/octet-stream\r\n";
            Encoding.ASCII.GetBytes(head, output);
            var target = output.GetSpan(4 + seal.MaxSealedBytes(chunk.Length));
            var length = seal.Seal(chunk, target[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(target, length.Header);
            output.Advance(4 + length.Total);
            parts++;
        }
        while (plain.Length > 0);

        Encoding.ASCII.GetBytes($"--{type.Boundary}--\r\n", output);
        return type.ToString(parts);
    }

    /// <summary>Verifies and opens <paramref name="body"/> in place.</summary>
    /// <exception cref="SecurityTokenException">It is not what the peer sealed next, or not framed as a sealed message is.</exception>
    public static Opened Open(IMessageSeal seal, SealedContentType type, ArraySegment<byte> body)
    {
        var rest = new Cursor(body);
        var boundary = Encoding.UTF8.GetBytes(type.Boundary);
        var plainBytes = 0;
        var original = "";
        var parts = 0;
        rest.SkipBlank();
        do
        {
            // 1. what is sealed
            Delimiter(ref rest, boundary, last: false);
            original = Describe(ref rest, type.Protocol, out var length);

            // 2. it is a stream of bytes
            Delimiter(ref rest, boundary, last: false);
            var line = rest.Line();
            if (!IsHeader(line, "Content-Type:", out var value) || !value.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            {
                throw Malformed();
            }

            // 3. as many bytes as the mechanism says; each part opens over the room of those before it
            var header = rest.Int32();
            var part = rest.Take(seal.PartLength(rest.Rest, header, length));
            var plain = seal.Open(part.AsSpan(), header);
            if (plain.Length != length)
            {
                throw new SecurityTokenException("A sealed message is not as long as it says.");
            }

            plain.CopyTo(body.AsSpan(plainBytes));
            plainBytes += plain.Length;
            parts++;

            // 4. some peers end each pair, some only the last; some put line breaks before or after
            rest.SkipBlank();
            if (rest.StartsWithLast(boundary))
            {
                Delimiter(ref rest, boundary, last: true);
                rest.SkipBlank();
                if (rest.Rest.IsEmpty)
                {
                    return new Opened(body[..plainBytes], original);
                }
            }
        }
        while (!rest.Rest.IsEmpty);

        throw Malformed();
    }

    private static string Describe(ref Cursor rest, string protocol, out int length)
    {
        if (!IsHeader(rest.Line(), "Content-Type:", out var stated) || !stated.Equals(protocol, StringComparison.OrdinalIgnoreCase)
            || !IsHeader(rest.Line(), "OriginalContent:", out var content))
        {
            throw Malformed();
        }

        length = -1;
        var type = "";
        foreach (var piece in content.Split(';', StringSplitOptions.TrimEntries))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : piece[..equals].TrimEnd();
            var value = piece[(equals + 1)..].TrimStart();
            if (name.Equals("type", StringComparison.OrdinalIgnoreCase))
            {
                type = value;
            }
            else if (name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                type += ";charset=" + value;
            }
            else if (name.Equals("Length", StringComparison.OrdinalIgnoreCase)
                && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length <= 0))
            {
                throw Malformed();
            }
        }

        return length > 0 ? type : throw Malformed();
    }

    private static bool IsHeader(string line, string name, out string value)
    {
        line = line.Trim();
        var found = line.StartsWith(name, StringComparison.OrdinalIgnoreCase);
        value = found ? line[name.Length..].Trim() : "";
        return found;
    }

    private static void Delimiter(ref Cursor rest, ReadOnlySpan<byte> boundary, bool last)
    {
        if (!rest.TrySkipDelimiter(boundary) || (last && !rest.TrySkip("--"u8)) || (!last && rest.Line().Trim().Length > 0))
        {
            throw Malformed();
        }
    }

    private static SecurityTokenException Malformed() => new("The sealed message is not framed as it should be.");

    private struct Cursor(ArraySegment<byte> body)
    {
        private int _at;

        public readonly ReadOnlySpan<byte> Rest => body.AsSpan(_at);

        public void SkipBlank()
        {
            while (_at < body.Count && body[_at] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t')
            {
                _at++;
            }
        }

        public string Line()
        {
            var end = Rest[..Math.Min(Rest.Length, MaxLineBytes)].IndexOf((byte)'\n');
            if (end < 0)
            {
                throw Malformed();
            }

            var line = Encoding.ASCII.GetString(Rest[..end]);
            _at += end + 1;
            return line;
        }

        public int Int32()
        {
            var value = Rest.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(Rest) : throw Malformed();
            _at += 4;
            return value >= 0 ? value : throw Malformed();
        }

        public ArraySegment<byte> Take(long length)
        {
            var part = length >= 0 && length <= Rest.Length ? body.Slice(_at, (int)length) : throw Malformed();
            _at += (int)length;
            return part;
        }

        public bool TrySkip(ReadOnlySpan<byte> bytes)
        {
            var there = Rest.StartsWith(bytes);
            _at += there ? bytes.Length : 0;
            return there;
        }

        // Old services write "-- Encrypted Boundary".
        public bool TrySkipDelimiter(ReadOnlySpan<byte> boundary) => TrySkip("--"u8) && (TrySkip(boundary) || (TrySkip(" "u8) && TrySkip(boundary)));

        public readonly bool StartsWithLast(ReadOnlySpan<byte> boundary)
        {
            var probe = this;
            return probe.TrySkipDelimiter(boundary) && probe.TrySkip("--"u8);
        }
    }
}

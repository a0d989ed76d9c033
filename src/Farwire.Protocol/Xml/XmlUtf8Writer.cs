using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Farwire.Protocol.Faults;

namespace Farwire.Protocol.Xml;

/// <summary>Writes XML as UTF-8 into one pooled buffer that never grows past its limit.</summary>
/// <remarks>
/// Names are given with the prefixes that Windows writes (<c>"w:Selector"u8</c>); the envelope declares them. Text and attributes are escaped;
/// characters that XML 1.0 cannot carry become <c>?</c>, as WinRM does. Going past the limit faults with <c>w:EncodingLimit</c>.
/// </remarks>
public sealed class XmlUtf8Writer : IBufferWriter<byte>, IDisposable
{
    private static readonly SearchValues<char> TextNeedsCare = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\n')).Select(c => (char)c), '&', '<', '>', '\uFFFE', '\uFFFF', .. Surrogates()]);

    private static readonly SearchValues<char> AttributeNeedsCare = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '&', '<', '>', '"', '\uFFFE', '\uFFFF', .. Surrogates()]);

    private readonly int _limit;
    private byte[] _buffer;
    private int _length;
    private bool _startTagOpen;

    /// <summary>Writes at most <paramref name="limit"/> bytes.</summary>
    public XmlUtf8Writer(int limit = int.MaxValue, int sizeHint = 4096)
    {
        _limit = limit;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(256, Math.Min(limit, sizeHint)));
    }

    /// <summary>Bytes written so far.</summary>
    public int Length
    {
        get
        {
            CloseStartTag();
            return _length;
        }
    }

    /// <summary>What was written; valid until the next write, <see cref="Truncate"/> or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Written
    {
        get
        {
            CloseStartTag();
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Takes back everything after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        _length = length;
        _startTagOpen = false;
    }

    /// <summary>Opens the element <paramref name="name"/>.</summary>
    public void Start(ReadOnlySpan<byte> name)
    {
        CloseStartTag();
        var span = Room(name.Length + 1);
        span[0] = (byte)'<';
        name.CopyTo(span[1..]);
        _length += name.Length + 1;
        _startTagOpen = true;
    }

    /// <summary>Closes the element <paramref name="name"/>, the one opened last.</summary>
    public void End(ReadOnlySpan<byte> name)
    {
        if (_startTagOpen)
        {
            Raw("/>"u8);
            _startTagOpen = false;
            return;
        }

        var span = Room(name.Length + 3);
        span[0] = (byte)'<';
        span[1] = (byte)'/';
        name.CopyTo(span[2..]);
        span[name.Length + 2] = (byte)'>';
        _length += name.Length + 3;
    }

    /// <summary>Writes an attribute of the element opened last.</summary>
    public void Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        AttributeName(name);
        Escaped(value, AttributeNeedsCare);
        Raw("\""u8);
    }

    /// <summary>Writes an attribute whose value needs no escaping.</summary>
    public void Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        AttributeName(name);
        Raw(value);
        Raw("\""u8);
    }

    /// <summary>Writes escaped text.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        CloseStartTag();
        Escaped(text, TextNeedsCare);
    }

    /// <summary>Writes a whole number.</summary>
    public void Text(long value)
    {
        CloseStartTag();
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        _length += written;
    }

    /// <summary>Writes <paramref name="data"/> as base64 without line breaks.</summary>
    public void Base64(ReadOnlySpan<byte> data)
    {
        CloseStartTag();
        var span = Room(Base64Length(data.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(data, span, out _, out var written);
        _length += written;
    }

    /// <summary>Writes bytes that are well-formed XML content already.</summary>
    public void RawContent(ReadOnlySpan<byte> xml)
    {
        CloseStartTag();
        Raw(xml);
    }

    /// <summary>Writes an element that holds text.</summary>
    public void Element(ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        Start(name);
        if (text.Length > 0)
        {
            Text(text);
        }

        End(name);
    }

    /// <summary>Writes an element that holds a whole number.</summary>
    public void Element(ReadOnlySpan<byte> name, long value)
    {
        Start(name);
        Text(value);
        End(name);
    }

    /// <summary>Writes an empty element.</summary>
    public void Empty(ReadOnlySpan<byte> name)
    {
        Start(name);
        End(name);
    }

    /// <summary>Bytes that <paramref name="length"/> bytes take as base64.</summary>
    public static int Base64Length(int length) => System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > _buffer.Length - _length || _length + count > _limit)
        {
            throw LimitReached();
        }

        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        CloseStartTag();
        Room(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        CloseStartTag();
        return Room(Math.Max(sizeHint, 1));
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static IEnumerable<char> Surrogates() => Enumerable.Range(0xD800, 0x800).Select(c => (char)c);

    private void AttributeName(ReadOnlySpan<byte> name)
    {
        if (!_startTagOpen)
        {
            throw new InvalidOperationException("An attribute follows its start tag.");
        }

        var span = Room(name.Length + 3);
        span[0] = (byte)' ';
        name.CopyTo(span[1..]);
        span[name.Length + 1] = (byte)'=';
        span[name.Length + 2] = (byte)'"';
        _length += name.Length + 3;
    }

    private void CloseStartTag()
    {
        if (_startTagOpen)
        {
            _startTagOpen = false;
            Room(1)[0] = (byte)'>';
            _length++;
        }
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private void Escaped(ReadOnlySpan<char> text, SearchValues<char> needsCare)
    {
        while (text.Length > 0)
        {
            var plain = text.IndexOfAny(needsCare);
            if (plain < 0)
            {
                plain = text.Length;
            }

            Plain(text[..plain]);
            text = text[plain..];
            if (text.Length == 0)
            {
                return;
            }

            if (char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]))
            {
                Plain(text[..2]);
                text = text[2..];
                continue;
            }

            Raw(text[0] switch
            {
                '&' => "&amp;"u8,
                '<' => "&lt;"u8,
                '>' => "&gt;"u8,
                '"' => "&quot;"u8,
                '\r' => "&#xD;"u8,
                '\n' => "&#xA;"u8,
                '\t' => "&#x9;"u8,
                _ => "?"u8, // XML 1.0 has no way to write it
            });
            text = text[1..];
        }
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        // Three bytes a character is UTF-8's worst case; asking for it is only a bound on the slice, not on the limit.
        while (text.Length > 0)
        {
            var part = text[..Math.Min(text.Length, 16 * 1024)];
            if (part.Length < text.Length && char.IsHighSurrogate(part[^1]))
            {
                part = part[..^1];
            }

            var bytes = Encoding.UTF8.GetByteCount(part);
            var span = Room(bytes);
            Utf8.FromUtf16(part, span, out _, out var written);
            _length += written;
            text = text[part.Length..];
        }
    }

    private Span<byte> Room(int count)
    {
        if (count > _limit - _length)
        {
            throw LimitReached();
        }

        if (count > _buffer.Length - _length)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int count)
    {
        var wanted = Math.Max((long)_buffer.Length * 2, (long)_length + count);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, Array.MaxLength));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private WSManFaultException LimitReached() =>
        FaultCatalog.MaxEnvelopeSizeExceeded.Fault($"the answer does not fit into {_limit} bytes; ask for less at a time, or raise MaxEnvelopeSize.");
}

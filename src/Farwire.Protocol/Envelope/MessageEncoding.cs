using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Farwire.Protocol.Faults;

namespace Farwire.Protocol.Envelope;

/// <summary>The two encodings of WS-Management envelopes.</summary>
/// <remarks>DSP0226, "Character sets": a service takes both, and answers in the request's.</remarks>
public enum MessageEncoding
{
    /// <summary>UTF-8, written without byte order mark.</summary>
    Utf8,

    /// <summary>UTF-16 little-endian, written with byte order mark FF FE.</summary>
    Utf16,
}

/// <summary>Turns received bytes into the plain UTF-8 that the XML reader takes.</summary>
public static class MessageBytes
{
    /// <summary>
    /// Finds the encoding and gives the envelope as UTF-8 without byte order mark and XML declaration. The byte order mark decides, then
    /// <paramref name="charset"/> of the transport, then UTF-8; the declaration's own word is ignored, for several clients lie in it.
    /// </summary>
    /// <param name="received">The whole message.</param>
    /// <param name="charset">The transport's charset parameter, if any.</param>
    /// <param name="scratch">Takes the converted text when the message is UTF-16.</param>
    /// <param name="encoding">What the message was written in.</param>
    /// <exception cref="WSManFaultException">An unknown charset, or bytes that are not text in it (<c>w:EncodingLimit</c>, CharacterSet).</exception>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> received, string? charset, ArrayBufferWriter<byte> scratch, out MessageEncoding encoding)
    {
        var span = received.Span;
        encoding = MessageEncoding.Utf8;
        var utf8 = received;
        if (span.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }))
        {
            utf8 = received[3..];
        }
        else if (span.Length >= 2 && span[0] == 0xFF && span[1] == 0xFE)
        {
            encoding = MessageEncoding.Utf16;
            utf8 = FromUtf16(span[2..], bigEndian: false, scratch);
        }
        else if (span.Length >= 2 && span[0] == 0xFE && span[1] == 0xFF)
        {
            encoding = MessageEncoding.Utf16;
            utf8 = FromUtf16(span[2..], bigEndian: true, scratch);
        }
        else if (charset is not null)
        {
            var name = charset.Trim().Trim('"');
            if (name.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase))
            {
                encoding = MessageEncoding.Utf16;
                utf8 = FromUtf16(span, name.EndsWith("be", StringComparison.OrdinalIgnoreCase), scratch);
            }
            else if (!name.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("utf8", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            {
                throw FaultCatalog.CharacterSet.Fault($"the charset '{name}' is not served; send UTF-8 or UTF-16.");
            }
        }

        // XmlDictionaryReader lets invalid UTF-8 pass.
        if (encoding == MessageEncoding.Utf8 && !Utf8.IsValid(utf8.Span))
        {
            throw FaultCatalog.CharacterSet.Fault("the message is not valid UTF-8.");
        }

        return WithoutDeclaration(utf8);
    }

    /// <summary>
    /// As <see cref="ToUtf8"/>, for messages that carry texts of strangers: half a surrogate pair becomes U+FFFD, a byte that is no UTF-8 as well, and
    /// a control character that XML 1.0 forbids becomes the picture Unicode has for it. A batch of events must not be refused for one of them: it
    /// would be sent again and again.
    /// </summary>
    /// <exception cref="WSManFaultException">An unknown charset.</exception>
    public static ReadOnlyMemory<byte> ToUtf8Tolerant(ReadOnlyMemory<byte> received, string? charset, ArrayBufferWriter<byte> scratch, out MessageEncoding encoding)
    {
        ReadOnlyMemory<byte> utf8;
        try
        {
            utf8 = ToUtf8(received, charset, scratch, out encoding);
        }
        catch (WSManFaultException) when (IsKnown(charset))
        {
            scratch.ResetWrittenCount();
            var span = received.Span;
            var isUtf16 = span.StartsWith(new byte[] { 0xFF, 0xFE }) || span.StartsWith(new byte[] { 0xFE, 0xFF }) || charset?.Trim('"', ' ').StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) == true;
            var bigEndian = span.StartsWith(new byte[] { 0xFE, 0xFF }) || charset?.Trim('"', ' ').Equals("utf-16be", StringComparison.OrdinalIgnoreCase) == true;
            encoding = isUtf16 ? MessageEncoding.Utf16 : MessageEncoding.Utf8;
            var text = isUtf16 ? new UnicodeEncoding(bigEndian, false, throwOnInvalidBytes: false).GetString(span) : Encoding.UTF8.GetString(span);
            utf8 = WithoutDeclaration(Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')));
        }

        return utf8.Span.IndexOfAny(Forbidden) < 0 ? utf8 : Clean(utf8.Span);
    }

    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\n' or '\r')).Select(c => (byte)c)]);

    private static bool IsKnown(string? charset) =>
        charset?.Trim('"', ' ') is not { } name || name.StartsWith("utf", StringComparison.OrdinalIgnoreCase) || name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlyMemory<byte> Clean(ReadOnlySpan<byte> utf8)
    {
        var output = new ArrayBufferWriter<byte>(utf8.Length + 64);
        while (utf8.IndexOfAny(Forbidden) is >= 0 and var at)
        {
            output.Write(utf8[..at]);
            output.Write<byte>([0xE2, 0x90, (byte)(0x80 + utf8[at])]); // U+2400 and up
            utf8 = utf8[(at + 1)..];
        }

        output.Write(utf8);
        return output.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> FromUtf16(ReadOnlySpan<byte> bytes, bool bigEndian, ArrayBufferWriter<byte> scratch)
    {
        if (!bigEndian && BitConverter.IsLittleEndian && bytes.Length % 2 == 0)
        {
            // As it lies in memory: straight from one to the other.
            var chars = MemoryMarshal.Cast<byte, char>(bytes);
            if (Utf8.FromUtf16(chars, scratch.GetSpan(Encoding.UTF8.GetMaxByteCount(chars.Length)), out _, out var count, replaceInvalidSequences: false) == OperationStatus.Done)
            {
                scratch.Advance(count);
                return scratch.WrittenMemory;
            }

            throw FaultCatalog.CharacterSet.Fault("the message is not valid UTF-16.");
        }

        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true);
        try
        {
            var text = encoding.GetString(bytes);
            var written = Encoding.UTF8.GetBytes(text, scratch.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
            scratch.Advance(written);
            return scratch.WrittenMemory;
        }
        catch (ArgumentException)
        {
            throw FaultCatalog.CharacterSet.Fault("the message is not valid UTF-16.");
        }
    }

    private static ReadOnlyMemory<byte> WithoutDeclaration(ReadOnlyMemory<byte> utf8)
    {
        var span = utf8.Span;
        var start = span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0 || !span[start..].StartsWith("<?xml"u8))
        {
            return start > 0 ? utf8[start..] : utf8;
        }

        var end = span[start..].IndexOf("?>"u8);
        return end < 0 ? utf8 : utf8[(start + end + 2)..];
    }
}

using System.Buffers;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;

namespace Farwire.Protocol.Tests.Envelope;

/// <summary>Which bytes are which text: the byte order mark, then the transport's charset, then UTF-8; never the declaration.</summary>
public sealed class EncodingTests
{
    private const string Text = "<x>\u00fc\u20ac\U0001F600</x>";

    private static readonly byte[] Utf8 = Encoding.UTF8.GetBytes(Text);
    private static readonly byte[] Little = Encoding.Unicode.GetBytes(Text);
    private static readonly byte[] Big = Encoding.BigEndianUnicode.GetBytes(Text);

    public static TheoryData<byte[], string?, MessageEncoding> Readable => new()
    {
        { Utf8, null, MessageEncoding.Utf8 },
        { Utf8, "UTF-8", MessageEncoding.Utf8 },
        { Utf8, "\"utf8\"", MessageEncoding.Utf8 },
        { [0xEF, 0xBB, 0xBF, .. Utf8], null, MessageEncoding.Utf8 },
        { [0xEF, 0xBB, 0xBF, .. Utf8], "utf-16", MessageEncoding.Utf8 }, // the mark decides
        { [0xFF, 0xFE, .. Little], "UTF-16", MessageEncoding.Utf16 },
        { [0xFF, 0xFE, .. Little], null, MessageEncoding.Utf16 },
        { [0xFF, 0xFE, .. Little], "utf-8", MessageEncoding.Utf16 },
        { [0xFE, 0xFF, .. Big], "utf-16", MessageEncoding.Utf16 },
        { Little, "utf-16", MessageEncoding.Utf16 },
        { Little, "UTF-16LE", MessageEncoding.Utf16 },
        { Big, "UTF-16BE", MessageEncoding.Utf16 },
        { With("<?xml version=\"1.0\" encoding=\"utf-16\"?>"), "utf-8", MessageEncoding.Utf8 },
        { With("<?xml version='1.0' encoding='EBCDIC' standalone='yes'?>\r\n"), null, MessageEncoding.Utf8 },
        { With("\r\n  "), null, MessageEncoding.Utf8 },
        { With("\n<?xml version=\"1.0\"?>\n"), null, MessageEncoding.Utf8 },
        { [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?>" + Text)], null, MessageEncoding.Utf16 },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    [Trait("Feature", "PRO-02")]
    public void The_mark_then_the_charset_then_UTF_8_decide(byte[] received, string? charset, MessageEncoding encoding)
    {
        var utf8 = MessageBytes.ToUtf8(received, charset, new ArrayBufferWriter<byte>(), out var found);

        Assert.Equal(Text, Encoding.UTF8.GetString(utf8.Span).Trim());
        Assert.Equal(encoding, found);
    }

    public static TheoryData<byte[], string?> Unreadable => new()
    {
        { Utf8, "iso-8859-1" },
        { Utf8, "EBCDIC" },
        { [.. Utf8, 0xC3, 0x28], "utf-8" },
        { [0xED, 0xA0, 0x80], null }, // a surrogate in UTF-8
        { [0xC0, 0x80], null }, // NUL the long way
        { [0xFF, 0xFE, .. Little, 0x20], null }, // half a character
        { [0xFF, 0xFE, 0x00, 0xD8, 0x20, 0x00], null }, // a surrogate alone
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    [Trait("Feature", "PRO-02")]
    public void What_is_no_text_in_a_served_charset_faults(byte[] received, string? charset)
    {
        var fault = Assert.Throws<WSManFaultException>(() => MessageBytes.ToUtf8(received, charset, new ArrayBufferWriter<byte>(), out _)).Fault;

        Assert.Equal(("w:EncodingLimit", 2150858828u), (fault.Subcode, fault.Code));
        Assert.EndsWith("CharacterSet", fault.FaultDetail, StringComparison.Ordinal);
    }

    private static byte[] With(string before) => Encoding.UTF8.GetBytes(before + Text);
}

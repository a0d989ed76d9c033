using System.Buffers;
using System.Text;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;

namespace Farwire.Security.Tests.Sealing;

public sealed class SealedBodyTests
{
    private const string Soap = "application/soap+xml;charset=UTF-8";
    private static readonly byte[] Key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private static readonly SealedContentType Type = new(SealedProtocol.Negotiate, SealedContentType.UsualBoundary);

    [Fact]
    public void The_bytes_are_those_that_clients_search_for()
    {
        var body = Seal(Client(), "<x/>", out var type);
        var text = Encoding.Latin1.GetString(body);

        Assert.Equal("multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";boundary=\"Encrypted Boundary\"", type);
        Assert.StartsWith(
            "--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=4\r\n"
            + "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n\x10\0\0\0\x01\0\0\0",
            text, StringComparison.Ordinal);
        Assert.EndsWith("--Encrypted Boundary--\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\t", "")]
    [InlineData("\r\n", "\n")]
    [InlineData("--Encrypted Boundary\r", "-- Encrypted Boundary\r")]
    [InlineData("--Encrypted Boundary--\r\n", "\r\n--Encrypted Boundary--\r\n\r\n")]
    [InlineData("--Encrypted Boundary--\r\n", "--Encrypted Boundary--")]
    [InlineData("Content-Type", "content-type")]
    [InlineData("OriginalContent: type=application/soap+xml;charset=UTF-8;Length", "OriginalContent:type = application/soap+xml; charset=UTF-8; length")]
    public void What_other_clients_write_is_read(string usual, string theirs)
    {
        var body = Seal(Client(), "<x/>", out _);
        var text = Encoding.Latin1.GetString(body).Replace(usual, theirs, StringComparison.Ordinal);

        var opened = SealedBody.Open(Service(), Type, Encoding.Latin1.GetBytes(text));

        Assert.Equal("<x/>", Encoding.UTF8.GetString(opened.Plain));
        Assert.Equal(Soap, opened.ContentType);
    }

    [Theory]
    [InlineData("Boundary")]
    [InlineData("Encrypted Boundary2")]
    public void Another_boundary_than_the_stated_is_refused(string boundary) => Assert.Throws<SecurityTokenException>(
        () => SealedBody.Open(Service(), Type with { Boundary = boundary }, Seal(Client(), "<x/>", out _)));

    [Theory]
    [InlineData("Length=4", "Length=5")]
    [InlineData("Length=4", "Length=3")]
    [InlineData("Length=4", "Length=0")]
    [InlineData("Length=4", "Length=-1")]
    [InlineData("Length=4", "Length=2147483647")]
    [InlineData("Length=4", "Length=99999999999")]
    [InlineData(";Length=4", "")]
    [InlineData("\x10\0\0\0\x01", "\x11\0\0\0\x01")]
    [InlineData("\x10\0\0\0\x01", "\xFF\xFF\xFF\x7F\x01")]
    [InlineData("octet-stream", "octets")]
    [InlineData("HTTP-SPNEGO", "HTTP-CredSSP")]
    public void Wrong_lengths_and_types_are_refused(string right, string wrong)
    {
        var text = Encoding.Latin1.GetString(Seal(Client(), "<x/>", out _)).Replace(right, wrong, StringComparison.Ordinal);

        Assert.Throws<SecurityTokenException>(() => SealedBody.Open(Service(), Type, Encoding.Latin1.GetBytes(text)));
    }

    [Fact]
    public void A_message_that_comes_again_or_too_early_is_refused()
    {
        var client = Client();
        var first = Seal(client, "<first/>", out _);
        var second = Seal(client, "<second/>", out _);
        var service = Service();
        SealedBody.Open(service, Type, first.ToArray());

        Assert.Throws<SecurityTokenException>(() => SealedBody.Open(service, Type, first.ToArray()));
        Assert.Throws<SecurityTokenException>(() => SealedBody.Open(Service(), Type, second.ToArray()));
    }

    [Fact]
    public void No_sealed_byte_may_change_and_cuts_are_refused()
    {
        var body = Seal(Client(), "<x/>", out _);
        var begin = Encoding.Latin1.GetString(body).IndexOf("\x10\0\0\0", StringComparison.Ordinal);
        for (var at = begin; at < begin + 4 + 16 + 4; at++)
        {
            var changed = body.ToArray();
            changed[at] ^= 1;
            Assert.Throws<SecurityTokenException>(() => SealedBody.Open(Service(), Type, changed));
        }

        for (var length = 0; length < body.Length - 2; length++)
        {
            Assert.Throws<SecurityTokenException>(() => SealedBody.Open(Service(), Type, body[..length]));
        }
    }

    [Fact]
    public void Rubbish_in_any_form_is_refused_and_nothing_else_happens()
    {
        var body = Seal(Client(), "<x>" + new string('x', 100) + "</x>", out _);
        var random = new Random(20260103);
        for (var i = 0; i < 5_000; i++)
        {
            var spoiled = body[..(random.Next(3) == 0 ? random.Next(body.Length) : body.Length)];
            for (var n = 1 + random.Next(3); n > 0 && spoiled.Length > 0; n--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }

            var failure = Record.Exception(() => SealedBody.Open(Service(), Type, spoiled));

            Assert.True(failure is null or SecurityTokenException, failure?.ToString());
        }
    }

    [Theory]
    [InlineData("multipart/encrypted; boundary=\"b\" ; protocol=p", "p", "b")]
    [InlineData("Multipart/X-Multi-Encrypted;protocol=\"p\";boundary=\"-- b\"", "p", "-- b")]
    public void The_content_type_is_read_in_any_order(string text, string protocol, string boundary) =>
        Assert.Equal(new SealedContentType(protocol, boundary), SealedContentType.Read(text));

    [Theory]
    [InlineData("multipart/encrypted")]
    [InlineData("multipart/encrypted;protocol=\"\";boundary=\"x\"")]
    [InlineData("multipart/encryptedx;protocol=p;boundary=x")]
    public void A_content_type_without_its_parameters_is_refused(string text) => Assert.Throws<SecurityTokenException>(() => SealedContentType.Read(text));

    private static NtlmSeal Client() => new(Key, NtlmFlags.Key128 | NtlmFlags.KeyExchange, isClient: true);

    private static NtlmSeal Service() => new(Key, NtlmFlags.Key128 | NtlmFlags.KeyExchange, isClient: false);

    private static byte[] Seal(IMessageSeal seal, string plain, out string type)
    {
        var output = new ArrayBufferWriter<byte>();
        type = SealedBody.Write(seal, SealedProtocol.Negotiate, Soap, Encoding.UTF8.GetBytes(plain), output);
        return output.WrittenSpan.ToArray();
    }
}

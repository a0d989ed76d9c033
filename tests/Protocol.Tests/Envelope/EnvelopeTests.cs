using System.Buffers;
using System.Text;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Tests.Envelope;

public sealed class EnvelopeTests
{
    private static readonly Request Sample = new(
        new MessageHeaders
        {
            To = "http://box:5985/wsman",
            Action = Actions.Get,
            MessageId = "uuid:1",
            ResourceUri = ResourceUris.WmiCimV2 + "/Win32_Service",
            Selectors = SelectorSet.Of(("Name", "a<b>&\"c")),
            Options = OptionSet.Of(new Option("X", null) { MustComply = true }, new Option("X", "2")),
            MaxEnvelopeSize = 512000,
            OperationTimeout = TimeSpan.FromSeconds(60),
            Locale = "de-DE",
            SessionId = "uuid:2",
            OperationId = "uuid:3",
            SequenceId = 1,
        },
        EmptyBody.Instance);

    [Fact]
    [Trait("Feature", "PRO-01")]
    public void A_request_reads_back_as_it_was_written()
    {
        var read = EnvelopeReader.ReadRequest(Write(Sample)).Headers;

        Assert.Equal(Sample.Headers.To, read.To);
        Assert.Equal(Sample.Headers.Action, read.Action);
        Assert.Equal(Sample.Headers.ResourceUri, read.ResourceUri);
        Assert.Equal(Sample.Headers.Selectors, read.Selectors);
        Assert.Equal(Sample.Headers.Options, read.Options);
        Assert.Equal(Sample.Headers.OperationTimeout, read.OperationTimeout);
        Assert.Equal("de-DE", read.Locale);
        Assert.Equal(1, read.SequenceId);
        Assert.Equal(EndpointReference.Anonymous, read.ReplyTo);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [Trait("Feature", "PRO-02")]
    public void Both_charsets_are_read_whatever_the_declaration_says(string charset)
    {
        var text = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n" + Encoding.UTF8.GetString(Write(Sample));
        var bytes = charset == "utf-8" ? Encoding.UTF8.GetBytes(text) : [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];

        var utf8 = MessageBytes.ToUtf8(bytes, "UTF-8", new ArrayBufferWriter<byte>(), out var encoding);

        Assert.Equal(charset == "utf-16" ? MessageEncoding.Utf16 : MessageEncoding.Utf8, encoding);
        Assert.Equal("uuid:1", EnvelopeReader.ReadRequest(utf8).Headers.MessageId);
    }

    [Fact]
    [Trait("Feature", "PRO-03")]
    public void A_header_that_must_be_understood_faults_and_knows_its_message()
    {
        var text = Encoding.UTF8.GetString(Write(Sample)).Replace("<a:MessageID>", "<q:New xmlns:q=\"urn:q\" s:mustUnderstand=\"1\"/><a:MessageID>", StringComparison.Ordinal);

        var thrown = Assert.Throws<WSManFaultException>(() => EnvelopeReader.ReadRequest(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(2150858768u, thrown.Fault.Code);
        Assert.Equal("s:MustUnderstand", thrown.Fault.SoapCode);
        Assert.Equal("uuid:1", thrown.RelatesTo);
        Assert.Equal("urn:q", thrown.Fault.NotUnderstood!.Namespace);
    }

    [Theory]
    [InlineData("mustUnderstand")]
    [InlineData("a:mustUnderstand")]
    public void MustUnderstand_outside_the_SOAP_namespace_means_nothing(string attribute)
    {
        var text = Encoding.UTF8.GetString(Write(Sample)).Replace("<a:MessageID>", $"<q:New xmlns:q=\"urn:q\" {attribute}=\"true\"/><a:MessageID>", StringComparison.Ordinal);

        Assert.Equal("uuid:1", EnvelopeReader.ReadRequest(Encoding.UTF8.GetBytes(text)).Headers.MessageId);
    }

    [Theory]
    [InlineData("PT-1S")]
    [InlineData("PT0S")]
    [InlineData("soon")]
    [Trait("Feature", "PRO-07")]
    public void A_bad_time_out_is_an_invalid_header(string timeout)
    {
        var text = Encoding.UTF8.GetString(Write(Sample)).Replace("PT60.000S", timeout, StringComparison.Ordinal);

        var thrown = Assert.Throws<WSManFaultException>(() => EnvelopeReader.ReadRequest(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(0x8033800Fu, thrown.Fault.Code);
        Assert.Equal("uuid:1", thrown.RelatesTo);
    }

    [Fact]
    [Trait("Feature", "QLT-02")]
    public void A_document_type_is_refused()
    {
        var text = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + Encoding.UTF8.GetString(Write(Sample));

        Assert.Equal(2150858819u, Assert.Throws<WSManFaultException>(() => EnvelopeReader.ReadRequest(Encoding.UTF8.GetBytes(text))).Fault.Code);
    }

    [Fact]
    [Trait("Feature", "PRO-01")]
    public void Many_equal_attributes_are_malformed_and_nothing_worse()
    {
        var text = Encoding.UTF8.GetString(Write(Sample));
        var twice = string.Concat(Enumerable.Repeat(" a:b=\"c\"", 40));

        foreach (var broken in new[] { text.Replace("<w:Locale", "<w:Locale" + twice, StringComparison.Ordinal), text.Replace("<s:Envelope", "<s:Envelope" + twice, StringComparison.Ordinal) })
        {
            var bytes = Encoding.UTF8.GetBytes(broken);

            Assert.Equal(FaultCatalog.MalformedXml.Code, Assert.Throws<WSManFaultException>(() => EnvelopeReader.ReadRequest(bytes)).Fault.Code);
            Assert.ThrowsAny<System.Xml.XmlException>(() => EnvelopeReader.ReadReply(bytes));
        }
    }

    [Fact]
    [Trait("Feature", "PRO-01")]
    public void A_message_torn_off_anywhere_is_malformed_and_nothing_worse()
    {
        var whole = Write(Sample);
        var bodyEnds = Encoding.UTF8.GetString(whole).IndexOf("<s:Body", StringComparison.Ordinal);

        for (var length = 0; length < bodyEnds; length++)
        {
            var thrown = Assert.Throws<WSManFaultException>(() => EnvelopeReader.ReadRequest(whole.AsMemory(0, length)));
            Assert.True(thrown.Fault.Code == FaultCatalog.MalformedXml.Code, $"{length}: {thrown.Message}");
            Assert.ThrowsAny<System.Xml.XmlException>(() => EnvelopeReader.ReadReply(whole.AsMemory(0, length)));
        }
    }

    [Fact]
    [Trait("Feature", "PRO-09")]
    public void A_fault_reads_back_with_its_detail()
    {
        var fault = FaultCatalog.UnexpectedSelectors.ToFault("no shell '1'.") with
        {
            Machine = "192.0.2.7",
            Provider = new ProviderFault("Shell cmd plugin", "/usr/lib/x") { Inner = FaultCatalog.AccessDenied.ToFault() },
        };
        var reply = new Reply(new MessageHeaders { Action = fault.Action, MessageId = "uuid:9", RelatesTo = "uuid:1" }, fault);
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, reply);

        using var read = EnvelopeReader.ReadReply(xml.Written);

        Assert.Equal("uuid:1", read.Headers.RelatesTo);
        Assert.Equal(2150858843u, read.Fault!.Code);
        Assert.Equal("w:InvalidSelectors", read.Fault.Subcode);
        Assert.Equal("http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/UnexpectedSelectors", read.Fault.FaultDetail);
        Assert.Equal("192.0.2.7", read.Fault.Machine);
        Assert.Equal("Shell cmd plugin", read.Fault.Provider!.Provider);
        Assert.Equal(5u, read.Fault.Provider.Inner!.Code);
    }

    [Theory]
    [InlineData("de", "Der Zugriff wird verweigert.", "de-DE")]
    [InlineData("fr-FR", "Access is denied.", "en-US")]
    [InlineData(null, "Access is denied.", "en-US")]
    [Trait("Feature", "PRO-08")]
    public void A_fault_speaks_the_language_asked_for_or_English(string? locale, string text, string language)
    {
        var fault = FaultCatalog.AccessDenied.ToFault().In(locale);

        Assert.Equal(text, fault.Message);
        Assert.Equal(language, fault.Language);
    }

    private static byte[] Write(Request request)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, request);
        return xml.Written.ToArray();
    }
}

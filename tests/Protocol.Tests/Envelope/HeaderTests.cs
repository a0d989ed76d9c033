using System.Text;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Protocol.Tests.Envelope;

/// <summary>Every header of a request: what it means, and what becomes of a wrong one.</summary>
public sealed class HeaderTests
{
    private const string Id = "<a:MessageID>uuid:1</a:MessageID>";
    private const string Action = "<a:Action s:mustUnderstand=\"true\">" + Actions.Get + "</a:Action>";

    public static TheoryData<string, uint, string?> Wrong => new()
    {
        { "<a:MessageID/>" + Action, 2150858767, null },
        { Action, 2150858767, null },
        { Id, 2150858769, null },
        { Id + "<a:Action/>", 2150858769, null },
        { $"<a:MessageID>{new string('x', 2049)}</a:MessageID>" + Action, 2150858767, null },
        { Id + Action + "<a:ReplyTo><a:Address>http://elsewhere</a:Address></a:ReplyTo>", 2150858870, "AddressingMode" },
        { Id + Action + "<a:FaultTo><a:Address>http://elsewhere</a:Address></a:FaultTo>", 2150858870, "AddressingMode" },
        { Id + Action + Id, 2150858767, null },
        { Id + Action + Action, 2150858767, null },
        { Id + Action + "<w:ResourceURI>urn:a</w:ResourceURI><w:ResourceURI>urn:b</w:ResourceURI>", 2150858767, null },
        { Id + Action + "<w:MaxEnvelopeSize>8191</w:MaxEnvelopeSize>", 2150858878, "MinimumEnvelopeLimit" },
        { Id + Action + "<w:MaxEnvelopeSize>-1</w:MaxEnvelopeSize>", 2150858767, null },
        { Id + Action + "<w:MaxEnvelopeSize>much</w:MaxEnvelopeSize>", 2150858767, null },
        { Id + Action + "<w:OperationTimeout>PT-1S</w:OperationTimeout>", 2150858767, null },
        { Id + Action + "<w:OperationTimeout>-PT1S</w:OperationTimeout>", 2150858767, null },
        { Id + Action + "<w:OperationTimeout>PT0.000S</w:OperationTimeout>", 2150858767, null },
        { Id + Action + "<w:OperationTimeout>60</w:OperationTimeout>", 2150858767, null },
        { Id + Action + "<w:OperationTimeout/>", 2150858767, null },
        { Id + Action + "<w:Locale xml:lang=\"fr-FR\" s:mustUnderstand=\"true\"/>", 2150858887, "Locale" },
        { Id + Action + "<p:DataLocale xml:lang=\"fr-FR\" s:mustUnderstand=\"1\"/>", 2150858887, "Locale" },
        { Id + Action + "<w:FragmentTransfer>Name</w:FragmentTransfer>", 2150858767, null },
        { Id + Action + "<w:FragmentTransfer s:mustUnderstand=\"false\">Name</w:FragmentTransfer>", 2150858767, null },
        { Id + Action + "<w:SelectorSet><w:Selector Name=\"A\">1</w:Selector><w:Selector Name=\"a\">2</w:Selector></w:SelectorSet>", 2150858847, "DuplicateSelectors" },
        { Id + Action + $"<p:ActivityId>{new string('x', 2049)}</p:ActivityId>", 2150858767, null },
        { Id + Action + "<w:Unknown s:mustUnderstand=\"true\"/>", 2150858768, null },
        { Id + Action + "<q:To xmlns:q=\"urn:q\" s:mustUnderstand=\" 1 \"/>", 2150858768, null },
        { Id + Action + "<w:OperationTimeout><b/></w:OperationTimeout>", 2150858817, null },
        { string.Concat(Enumerable.Repeat("<q xmlns=\"urn:q\"/>", 129)) + Id + Action, 2150858767, null },
        { Id + Action + "<w:SelectorSet>" + string.Concat(Enumerable.Range(0, 300).Select(i => $"<w:Selector Name=\"s{i}\"/>")) + "</w:SelectorSet>", 2150858826, "SelectorLimit" },
        { Id + Action + "<w:OptionSet>" + string.Concat(Enumerable.Repeat("<w:Option Name=\"o\"/>", 257)) + "</w:OptionSet>", 2150858827, "OptionLimit" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    [Trait("Feature", "PRO-01")]
    public void A_wrong_header_gets_the_fault_of_its_rule(string headers, uint code, string? detail)
    {
        var fault = Assert.Throws<WSManFaultException>(() => Read(headers)).Fault;

        Assert.Equal(code, fault.Code);
        Assert.EndsWith(detail ?? "", fault.FaultDetail ?? "", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-04")]
    public void A_fault_of_the_headers_relates_to_its_message_wherever_the_id_stands()
    {
        var thrown = Assert.Throws<WSManFaultException>(() => Read("<w:Unknown s:mustUnderstand=\"true\"/>" + Action + Id));

        Assert.Equal("uuid:1", thrown.RelatesTo);
    }

    public static TheoryData<string> Ignored =>
    [
        "<a:From><a:Address>http://me</a:Address></a:From>",
        "<q:Anything xmlns:q=\"urn:q\"><q:Inside/></q:Anything>",
        "<q:Anything xmlns:q=\"urn:q\" s:mustUnderstand=\"false\"/>",
        "<q:Anything xmlns:q=\"urn:q\" s:mustUnderstand=\"0\"/>",
        "<q:Anything xmlns:q=\"urn:q\" mustUnderstand=\"true\"/>",
        "<q:Anything xmlns:q=\"urn:q\" a:mustUnderstand=\"true\"/>",
        "<w:Locale xml:lang=\"fr-FR\" s:mustUnderstand=\"false\"/>",
        "<w:Locale xml:lang=\"de-AT\" s:mustUnderstand=\"true\"/>",
        "<w:Locale/>",
        "<w:RequestEPR/>",
        "<w:MaxEnvelopeSize Policy=\"Notify\">99999999999</w:MaxEnvelopeSize>",
        "<w:OperationTimeout>P0Y0M0DT0H1M0S</w:OperationTimeout>",
        "<w:OperationTimeout> PT30M </w:OperationTimeout>",
        "<p:SequenceID>1</p:SequenceID>",
        "<!-- a comment --> stray text ",
    ];

    [Theory]
    [MemberData(nameof(Ignored))]
    public void A_header_that_need_not_be_understood_stops_nothing(string header) =>
        Assert.Equal("uuid:1", Read(header + Action + Id).MessageId);

    [Fact]
    [Trait("Feature", "PRO-01")]
    public void Values_may_be_wrapped_in_blanks_and_come_as_CDATA()
    {
        var headers = Read($"""
            <a:To>
              http://windows-host:5985/wsman </a:To>
            <a:Action>
              {Actions.Get}
            </a:Action><a:MessageID><![CDATA[ uuid:ab ]]></a:MessageID>
            <w:ResourceURI>
              urn:x<!-- comment -->
            </w:ResourceURI>
            <a:ReplyTo><a:Address>
              {EndpointReference.Anonymous}
            </a:Address></a:ReplyTo>
            <w:SelectorSet><w:Selector Name="Name"><![CDATA[a]]> </w:Selector></w:SelectorSet>
            """);

        Assert.Equal(("http://windows-host:5985/wsman", Actions.Get, "uuid:ab", "urn:x", "a"), (headers.To, headers.Action, headers.MessageId, headers.ResourceUri, headers.Selectors["NAME"]));
    }

    [Fact]
    public void All_headers_are_read()
    {
        var headers = Read(Id + Action + """
            <w:SelectorSet><w:Selector Name="Owner"><a:EndpointReference><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>urn:o</w:ResourceURI>
              <w:SelectorSet><w:Selector Name="Id">7</w:Selector></w:SelectorSet></a:ReferenceParameters></a:EndpointReference></w:Selector></w:SelectorSet>
            <w:OptionSet s:mustUnderstand="true"><w:Option Name="A" Type="xs:boolean">TRUE</w:Option><w:Option Name="wmiarray:L">1</w:Option>
              <w:Option Name="wmiarray:L">2</w:Option><w:Option Name="S" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true" MustComply="1"/></w:OptionSet>
            <w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize><w:OperationTimeout>PT0.500S</w:OperationTimeout>
            <w:Locale xml:lang="de-DE"/><p:DataLocale xml:lang="en-US"/><p:SessionId>uuid:S</p:SessionId>
            <p:OperationID s:mustUnderstand="true">uuid:O</p:OperationID><p:SequenceId>3</p:SequenceId><p:ActivityId>G</p:ActivityId>
            <w:FragmentTransfer s:mustUnderstand="true" Dialect="urn:d">Name</w:FragmentTransfer><w:RequestEPR/><w:RequestTotalItemsCountEstimate/>
            <rsp:CompressionType xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell" s:mustUnderstand="true">xpress</rsp:CompressionType>
            <e:Identifier xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing">
              id </e:Identifier><w:Bookmark><BookmarkList/></w:Bookmark><w:AckRequested/>
            <m:MachineID xmlns:m="http://schemas.microsoft.com/wbem/wsman/1/machineid" s:mustUnderstand="false">box</m:MachineID>
            """);

        var owner = headers.Selectors.Find("owner")!.Reference!;
        Assert.Equal(("urn:o", "7"), (owner.ResourceUri, owner.Selectors["id"]));
        Assert.Equal(4, headers.Options.Count);
        Assert.Equal(("xs:boolean", true), (headers.Options.Find("a")!.Type, headers.Options.IsTrue("A")));
        Assert.True(headers.Options.Find("S") is { Value: null, MustComply: true });
        Assert.Equal((512000L, TimeSpan.FromMilliseconds(500)), (headers.MaxEnvelopeSize, headers.OperationTimeout));
        Assert.Equal(("de-DE", "en-US", "uuid:S", "uuid:O", true, 3L, "G"), (headers.Locale, headers.DataLocale, headers.SessionId, headers.OperationId, headers.OperationIdIsRetry, headers.SequenceId, headers.ActivityId));
        Assert.Equal(new FragmentTransfer("Name", "urn:d"), headers.FragmentTransfer);
        Assert.True(headers is { RequestEpr: true, RequestTotalItemsCountEstimate: true, AckRequested: true, CompressionType: "xpress", Identifier: "id", MachineId: "box" });
        Assert.Contains("BookmarkList", headers.Bookmark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<s:Body/>")]
    [InlineData("<s:Body></s:Body>")]
    [InlineData("<s:Body>\n  <!-- nothing --> </s:Body>")]
    public void A_body_may_be_empty_or_missing(string body) =>
        Assert.False(EnvelopeReader.ReadRequest(Message(Id + Action, body)).Body.HasElement);

    private static MessageHeaders Read(string headers) => EnvelopeReader.ReadRequest(Message(headers, "<s:Body/>")).Headers;

    private static byte[] Message(string headers, string body) => Encoding.UTF8.GetBytes(
        $"<s:Envelope xmlns:s=\"{Namespaces.Soap}\" xmlns:a=\"{Namespaces.Addressing}\" xmlns:w=\"{Namespaces.WSMan}\" xmlns:p=\"{Namespaces.Microsoft}\"><s:Header>{headers}</s:Header>{body}</s:Envelope>");
}

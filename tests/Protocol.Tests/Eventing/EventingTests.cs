using System.Text;
using System.Xml.Linq;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Tests.Eventing;

public sealed class EventingTests
{
    private const string Query = "<QueryList><Query Id=\"0\"><Select Path=\"Security\">*[System[(EventID=4624)]]</Select></Query></QueryList>";
    private const string Bookmark = "<BookmarkList><Bookmark Channel=\"Security\" RecordId=\"149161\" IsCurrent=\"true\"/></BookmarkList>";
    private const string Collector = "https://wec.corp.example:5986/wsman/subscriptions/5A000001-0000-5000-8000-000000000001";
    private const string Id = "5A000001-0000-5000-8000-000000000001";

    private static readonly MessageHeaders ItemHeaders = new()
    {
        To = Farwire.Protocol.Addressing.EndpointReference.Anonymous,
        ResourceUri = ResourceUris.EventLog,
        Action = Actions.Subscribe,
        MaxEnvelopeSize = 512000,
        MessageId = "uuid:5B000001-0000-4000-8000-000000000002",
        Locale = "en-US",
        DataLocale = "en-US",
        OperationId = "uuid:5B000001-0000-4000-8000-000000000003",
        SequenceId = 1,
        Options = OptionSet.Of(
            new Option("SubscriptionName", "baseline"), new Option("Compression", "SLDC"), new Option("CDATA", null),
            new Option("ContentFormat", "RenderedText"), new Option("IgnoreChannelError", null), new Option("ReadExistingEvents", "true")),
    };

    private static readonly Subscribe Wanted = new(new Delivery(DeliveryModes.Events)
    {
        Heartbeats = TimeSpan.FromSeconds(900),
        NotifyTo = new EventingReference(Collector, Id) { Policy = new DeliveryPolicy(DeliveryPolicy.HttpsMutual, "00112233445566778899AABBCCDDEEFF00112233") },
        RetryInterval = TimeSpan.FromSeconds(60),
        RetryTotal = 5,
        MaxElements = 200,
        MaxTime = TimeSpan.FromSeconds(30),
        MaxEnvelopeSize = 512000,
        OversizePolicy = "Notify",
        Locale = "en-US",
        DataLocale = "en-US",
        ContentEncoding = "UTF-16",
    })
    {
        EndTo = new EventingReference(Collector, Id),
        Filter = new Filter(Dialects.EventQuery) { Xml = Query },
        Bookmark = Bookmark,
        SendBookmarks = true,
    };

    [Fact]
    public void A_subscription_is_handed_out_as_Windows_collectors_do()
    {
        using var items = new XmlUtf8Writer();
        new SubscriptionItem("uuid:5B000001-0000-5000-8000-000000000001", ItemHeaders, Wanted).Write(items);
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Reply(
            new MessageHeaders { Action = Actions.EnumerateResponse, MessageId = "uuid:0B000001-0000-4000-8000-000000000001", RelatesTo = "uuid:0A000001-0000-4000-8000-000000000001" },
            new EnumerateResponse { Items = items.Written, EndOfSequence = true }));

        // Byte for byte a message that Windows sources take, but for the prefix of the item.
        const string golden = """
            <s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd">
             <s:Header>
              <a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/EnumerateResponse</a:Action>
              <a:MessageID>uuid:0B000001-0000-4000-8000-000000000001</a:MessageID>
              <a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>
              <a:RelatesTo>uuid:0A000001-0000-4000-8000-000000000001</a:RelatesTo>
             </s:Header>
             <s:Body><n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext><w:Items>
              <m:Subscription xmlns:m="http://schemas.microsoft.com/wbem/wsman/1/subscription">
               <m:Version>uuid:5B000001-0000-5000-8000-000000000001</m:Version>
               <s:Envelope xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing">
                <s:Header>
                 <a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>
                 <w:ResourceURI s:mustUnderstand="true">http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog</w:ResourceURI>
                 <a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>
                 <a:Action s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe</a:Action>
                 <w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize>
                 <a:MessageID>uuid:5B000001-0000-4000-8000-000000000002</a:MessageID>
                 <w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>
                 <p:OperationID s:mustUnderstand="false">uuid:5B000001-0000-4000-8000-000000000003</p:OperationID>
                 <p:SequenceId>1</p:SequenceId>
                 <w:OptionSet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
                  <w:Option Name="SubscriptionName">baseline</w:Option>
                  <w:Option Name="Compression">SLDC</w:Option>
                  <w:Option Name="CDATA" xsi:nil="true"/>
                  <w:Option Name="ContentFormat">RenderedText</w:Option>
                  <w:Option Name="IgnoreChannelError" xsi:nil="true"/>
                  <w:Option Name="ReadExistingEvents">true</w:Option>
                 </w:OptionSet>
                </s:Header>
                <s:Body><e:Subscribe>
                 <e:EndTo><a:Address>https://wec.corp.example:5986/wsman/subscriptions/5A000001-0000-5000-8000-000000000001</a:Address>
                  <a:ReferenceProperties><e:Identifier>5A000001-0000-5000-8000-000000000001</e:Identifier></a:ReferenceProperties></e:EndTo>
                 <e:Delivery Mode="http://schemas.dmtf.org/wbem/wsman/1/wsman/Events">
                  <w:Heartbeats>PT900.000S</w:Heartbeats>
                  <e:NotifyTo><a:Address>https://wec.corp.example:5986/wsman/subscriptions/5A000001-0000-5000-8000-000000000001</a:Address>
                   <a:ReferenceProperties><e:Identifier>5A000001-0000-5000-8000-000000000001</e:Identifier></a:ReferenceProperties>
                   <c:Policy xmlns:c="http://schemas.xmlsoap.org/ws/2002/12/policy" xmlns:auth="http://schemas.microsoft.com/wbem/wsman/1/authentication"><c:ExactlyOne><c:All>
                    <auth:Authentication Profile="http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual">
                     <auth:ClientCertificate><auth:Thumbprint Role="issuer">00112233445566778899AABBCCDDEEFF00112233</auth:Thumbprint></auth:ClientCertificate>
                    </auth:Authentication></c:All></c:ExactlyOne></c:Policy></e:NotifyTo>
                  <w:ConnectionRetry Total="5">PT60.000S</w:ConnectionRetry>
                  <w:MaxElements>200</w:MaxElements>
                  <w:MaxTime>PT30.000S</w:MaxTime>
                  <w:MaxEnvelopeSize Policy="Notify">512000</w:MaxEnvelopeSize>
                  <w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>
                  <w:ContentEncoding>UTF-16</w:ContentEncoding>
                 </e:Delivery>
                 <w:Filter Dialect="http://schemas.microsoft.com/win/2004/08/events/eventquery"><QueryList><Query Id="0"><Select Path="Security">*[System[(EventID=4624)]]</Select></Query></QueryList></w:Filter>
                 <w:Bookmark><BookmarkList><Bookmark Channel="Security" RecordId="149161" IsCurrent="true"/></BookmarkList></w:Bookmark>
                 <w:SendBookmarks/>
                </e:Subscribe></s:Body>
               </s:Envelope>
              </m:Subscription>
             </w:Items><w:EndOfSequence/></n:EnumerateResponse></s:Body>
            </s:Envelope>
            """;
        Assert.Equal(OnOneLine(golden), Encoding.UTF8.GetString(xml.Written.Span).Replace("<n:EnumerationContext/>", "<n:EnumerationContext></n:EnumerationContext>", StringComparison.Ordinal));

        using var reply = EnvelopeReader.ReadReply(xml.Written);
        SubscriptionItem? read = null;
        EnumerationBatch.Read(reply.Body, item => read = SubscriptionItem.Read(item));
        Assert.Equal("uuid:5B000001-0000-5000-8000-000000000001", read!.Version);
        Assert.Equal(Wanted.Delivery, read.Subscribe.Delivery);
        Assert.Equal(Wanted.EndTo, read.Subscribe.EndTo);
        Assert.Equal(Query, read.Subscribe.Filter!.Xml);
        Assert.Equal(Bookmark.Replace("/>", " />", StringComparison.Ordinal), read.Subscribe.Bookmark);
        Assert.True(read.Subscribe.SendBookmarks);
        Assert.Equal(ItemHeaders.Options, read.Headers.Options);
    }

    [Fact]
    public void A_batch_travels_with_its_headers_and_reads_back()
    {
        var request = new Request(
            new MessageHeaders
            {
                To = Collector,
                MachineId = "src01.corp.example",
                Action = Actions.Events,
                MessageId = "uuid:1",
                Identifier = Id,
                Bookmark = Bookmark,
                AckRequested = true,
            },
            new EventBatch { Events = ["<Event xmlns='urn:e'><System/></Event>", "<Event>a]]>b</Event>"], Dropped = 12 });
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, request);

        const string golden = """
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd">
             <s:Header>
              <a:To>https://wec.corp.example:5986/wsman/subscriptions/5A000001-0000-5000-8000-000000000001</a:To>
              <m:MachineID xmlns:m="http://schemas.microsoft.com/wbem/wsman/1/machineid" s:mustUnderstand="false">src01.corp.example</m:MachineID>
              <a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>
              <a:Action s:mustUnderstand="true">http://schemas.dmtf.org/wbem/wsman/1/wsman/Events</a:Action>
              <a:MessageID>uuid:1</a:MessageID>
              <e:Identifier xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing">5A000001-0000-5000-8000-000000000001</e:Identifier>
              <w:Bookmark><BookmarkList><Bookmark Channel="Security" RecordId="149161" IsCurrent="true"/></BookmarkList></w:Bookmark>
              <w:AckRequested/>
             </s:Header>
             <s:Body><w:Events>
              <w:Event Action="http://schemas.dmtf.org/wbem/wsman/1/wsman/Event"><![CDATA[<Event xmlns='urn:e'><System/></Event>]]></w:Event>
              <w:Event Action="http://schemas.dmtf.org/wbem/wsman/1/wsman/Event"><![CDATA[<Event>a]]]]><![CDATA[>b</Event>]]></w:Event>
              <w:Event Action="http://schemas.dmtf.org/wbem/wsman/1/wsman/DroppedEvents"><w:DroppedEvents Action="http://schemas.dmtf.org/wbem/wsman/1/wsman/DroppedEvents">12</w:DroppedEvents></w:Event>
             </w:Events></s:Body>
            </s:Envelope>
            """;
        Assert.Equal(OnOneLine(golden), Encoding.UTF8.GetString(xml.Written.Span));

        var read = EnvelopeReader.ReadRequest(xml.Written);
        var batch = EventBatch.Read(read.Body);
        Assert.Equal(((EventBatch)request.Body).Events, batch.Events);
        Assert.Equal(12, batch.Dropped);
        Assert.Equal("src01.corp.example", read.Headers.MachineId);
        Assert.Equal(Id, read.Headers.Identifier);
        Assert.True(read.Headers.AckRequested);
        Assert.Equal(XElement.Parse(Bookmark).ToString(), XElement.Parse(read.Headers.Bookmark!).ToString());
    }

    [Theory]
    [InlineData("<w:Events/>", 0)]
    [InlineData("<w:Events></w:Events>", 0)]
    [InlineData("<w:Events><w:Event Action='x'><Event xmlns='urn:e'><System/></Event></w:Event></w:Events>", 1)]
    [InlineData("<w:Events>\n <w:Event>\n  <![CDATA[<Event/>]]>\n </w:Event>\n</w:Events>", 1)]
    public void A_heartbeat_is_empty_and_an_event_may_be_an_element(string body, int count)
    {
        var request = Read($"<s:Envelope xmlns:s=\"{Namespaces.Soap}\" xmlns:a=\"{Namespaces.Addressing}\" xmlns:w=\"{Namespaces.WSMan}\"><s:Header><a:Action>{Actions.Heartbeat}</a:Action><a:MessageID>1</a:MessageID></s:Header><s:Body>{body}</s:Body></s:Envelope>");

        var batch = EventBatch.Read(request.Body);

        Assert.Equal(count, batch.Events.Count);
        Assert.All(batch.Events, text => Assert.StartsWith("<Event", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_answers_of_a_source_read_back_as_they_were_written()
    {
        var manager = new EventingReference("http://src:5985/wsman", "uuid:7") { ResourceUri = ResourceUris.EventLog };
        var response = new SubscribeResponse(manager) { Expires = TimeSpan.FromHours(1), EnumerationContext = "uuid:8" };
        Assert.Equal(response, SubscribeResponse.Read(Again(Actions.SubscribeResponse, response)));

        var renew = new Renew(TimeSpan.FromMinutes(5));
        Assert.Equal(renew, Renew.Read(Again(Actions.Renew, renew)));
        Assert.Equal(renew with { IsResponse = true }, Renew.Read(Again(Actions.RenewResponse, renew with { IsResponse = true })));
        Assert.Equal(new Unsubscribe(), Unsubscribe.Read(Again(Actions.Unsubscribe, new Unsubscribe())));

        var end = new SubscriptionEnd(SubscriptionEnd.SourceCancelling)
        {
            SubscriptionManager = manager,
            Reason = "because",
            Fault = new WSManFault { SoapCode = "s:Receiver", Action = Actions.WSManFault, Code = 15007, Machine = "src01", Reason = "The channel is missing." },
        };
        var read = SubscriptionEnd.Read(Again(Actions.SubscriptionEnd, end));
        Assert.Equal((end.Status, end.Reason, end.SubscriptionManager), (read.Status, read.Reason, read.SubscriptionManager));
        Assert.Equal(15007u, read.Fault!.Code);
        Assert.Equal("src01", read.Fault.Machine);
    }

    [Fact]
    public void An_expiry_that_is_no_duration_faults()
    {
        var body = Again(Actions.Renew, new XmlBody(Encoding.UTF8.GetBytes($"<e:Renew xmlns:e=\"{Namespaces.Eventing}\"><e:Expires>tomorrow</e:Expires></e:Renew>")));

        Assert.Equal(2150858783u, Assert.Throws<WSManFaultException>(() => Renew.Read(body)).Fault.Code);
    }

    private static BodyReader Again(string action, IBody body)
    {
        using var xml = new XmlUtf8Writer();
        EnvelopeWriter.Write(xml, new Request(new MessageHeaders { Action = action, MessageId = "uuid:1" }, body));
        return Read(Encoding.UTF8.GetString(xml.Written.Span)).Body;
    }

    private static ReceivedRequest Read(string xml) => EnvelopeReader.ReadRequest(Encoding.UTF8.GetBytes(xml));

    private static string OnOneLine(string xml) => string.Concat(xml.Split('\n').Select(line => line.Trim()));
}

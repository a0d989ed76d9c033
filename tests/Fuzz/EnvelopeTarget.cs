using System.Buffers;
using System.Text;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.TestKit;
using Farwire.TestKit.Recorded;

namespace Farwire.Fuzz;

/// <summary>Messages to a service: from bytes to an answer, which is always an envelope no larger than allowed.</summary>
public sealed class EnvelopeTarget : FuzzTarget
{
    private readonly Dispatcher _service;
    private readonly Caller _caller = Caller.Named("ann");

    public EnvelopeTarget()
    {
        var boxes = new ShelfResource();
        boxes.Put(new Box("box1") { Tags = ["a"], Owner = new Person("Ann", "") });
        _service = new Dispatcher(new ResourceCatalog().Add(ShelfResource.Uri, boxes));
    }

    public override string Name => "envelope";

    // Recorded requests, and the same sent to a resource that is here.
    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. RecordedMessage.All.Where(m => m.IsRequest && m.Xml.Length is > 100 and < 6000)
            .DistinctBy(m => m.Source.Split('#')[0])
            .SelectMany(m => new[] { m.Xml, Redirected(m.Xml) })
            .Select(Encoding.UTF8.GetBytes),
        EdgeService.Bytes(Exchange.Headers(Actions.Enumerate, ShelfResource.Uri), new Enumerate { Optimize = true, MaxElements = 2 }),
        EdgeService.Bytes(Exchange.Headers(Actions.Pull, ShelfResource.Uri), new Pull("uuid:1") { MaxElements = 2 }),
        EdgeService.Bytes(Exchange.Headers(ShelfResource.Uri + "/Relabel", ShelfResource.Uri, ("Name", "box1")), new Box("box1")),
        .. new[] { "Get", "Put", "Create", "Delete" }.Select(verb => EdgeService.Bytes(
            Exchange.Headers(Namespaces.Transfer + "/" + verb, ShelfResource.Uri, ("Name", "box1")), new Box("box1") { Tags = ["a", "b"] })),
    ];

    protected override IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[]
        {
            "<", ">", "/>", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "<?pi x?>", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
            "&lt;", "&#0;", "&#x110000;", "&e;", " xmlns:a=\"urn:b\"", " xmlns=\"\"", " s:mustUnderstand=\"true\"", " xsi:nil=\"true\"", "<w:SelectorSet>", "<w:Selector Name=\"A\">",
            "<a:EndpointReference>", "PT-1S", "P99999999Y", "99999999999999999999", "\u00e4", "\uFEFF", "<x>", "</x>", "=\"", "'", "uuid:", "AAAA====",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC3], [0xED, 0xA0, 0x80], [0x00], [0xF4, 0x90, 0x80, 0x80],
    ];

    public override void Dispose()
    {
        _service.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose();
    }

    protected override bool Read(byte[] input)
    {
        EncodedReply reply;
        try
        {
            var utf8 = MessageBytes.ToUtf8(input, "utf-8", new ArrayBufferWriter<byte>(), out _);
            var answer = _service.ProcessAsync(utf8, _caller, CancellationToken.None);
            reply = answer.IsCompleted ? answer.Result : answer.AsTask().GetAwaiter().GetResult();
        }
        catch (WSManFaultException e)
        {
            reply = _service.Refuse(e);
        }

        using (reply)
        {
            if (reply.Utf8.Length == 0)
            {
                return true; // wsman/End
            }

            using var read = EnvelopeReader.ReadReply(reply.Utf8);
            if (read.Fault?.Code == FaultCatalog.InternalError.Code || reply.Utf8.Length > _service.Options.MaxEnvelopeBytes || _service.RunningOperations != 0)
            {
                throw new InvalidOperationException("The service answered an internal error, too much, or not at all.");
            }

            // A message that is XML has reached the engine, whatever came of it there.
            return read.Fault?.Code != FaultCatalog.MalformedXml.Code && read.Fault?.Code != FaultCatalog.CharacterSet.Code;
        }
    }

    private static string Redirected(string xml)
    {
        var start = xml.IndexOf(":ResourceURI", StringComparison.Ordinal);
        var open = start < 0 ? -1 : xml.IndexOf('>', start);
        var end = open < 0 ? -1 : xml.IndexOf('<', open);
        return end < 0 ? xml : xml[..(open + 1)] + ShelfResource.Uri + xml[end..];
    }
}

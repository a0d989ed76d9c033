using System.Buffers;
using System.Text;
using System.Xml;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.TestKit.Recorded;

namespace Farwire.Protocol.Tests.Recorded;

/// <summary>What real clients and services have said, read and written back.</summary>
public sealed class RecordedMessageTests
{
    private static readonly Dictionary<string, string[]> Fragments = List("fragments.tsv");
    private static readonly Dictionary<string, string[]> Refused = List("refused.tsv");

    // What is read and not written back as it came: the source and the line that goes.
    private static readonly HashSet<(string Source, string Line)> Leaves =
    [
        // WS-Addressing's From is nobody's business in a request and its answer.
        ("openwsman/client_requests/from_001.xml", "Header/{http://schemas.xmlsoap.org/ws/2004/08/addressing}From = http://langley.home.planux.com:8889/wsman"),
        ("openwsman/client_requests/from_002.xml", "Header/{http://schemas.xmlsoap.org/ws/2004/08/addressing}From = http://langley.home.planux.com:8889/wsman"),

        // The name of a shell is an attribute; Windows passes over the element as well.
        ("pypsrp/responses/test_winrs_extra_opts.yml#0", $"Body/{{{Namespaces.Shell}}}Shell/{{{Namespaces.Shell}}}Name = shell 1"),
    ];

    private static IEnumerable<RecordedMessage> Whole => RecordedMessage.All.Where(m => !Fragments.ContainsKey(m.Source) && !Fragments.ContainsKey(m.ToString()));

    [Fact]
    [Trait("Feature", "QLT-03")]
    public void Every_recorded_file_is_read_or_listed_with_the_reason()
    {
        var without = RecordedMessage.Files().Where(f => !RecordedMessage.Read(f).Any());

        Assert.Equal(Fragments.Keys.Where(f => !f.Contains('#', StringComparison.Ordinal)).Order(StringComparer.Ordinal), without);
        Assert.True(RecordedMessage.All.Count(m => m.IsRequest) > 550 && RecordedMessage.All.Count(m => !m.IsRequest) > 550);
        Assert.All(Fragments.Keys.Concat(Refused.Keys).Select(s => s.Split('#', ' ')[0]), f => Assert.Contains(f, RecordedMessage.Files()));
    }

    [Fact]
    [Trait("Feature", "QLT-03")]
    [Trait("Feature", "PRO-01")]
    public void Every_recorded_request_is_read_and_written_back_the_same() =>
        Assert.Empty(Whole.Where(m => m.IsRequest && !Refused.ContainsKey(m.Source)).SelectMany(m => Differences(m, xml =>
        {
            var request = EnvelopeReader.ReadRequest(Utf8(m));
            // A client that left ReplyTo out is answered as if it had written the anonymous one; written back it stays out.
            EnvelopeWriter.Write(xml, new Request(request.Headers with { ReplyTo = request.Headers.ReplyTo ?? "" }, TypedBody.Request(request.Body)));
        })));

    [Fact]
    [Trait("Feature", "QLT-03")]
    public void Every_recorded_response_is_read_and_written_back_the_same() =>
        Assert.Empty(Whole.Where(m => !m.IsRequest).SelectMany(m => Differences(m, xml =>
        {
            using var reply = EnvelopeReader.ReadReply(Utf8(m));
            EnvelopeWriter.Write(xml, new Reply(reply.Headers, TypedBody.Response(reply)));
        })));

    [Fact]
    [Trait("Feature", "QLT-03")]
    public void What_breaks_a_rule_is_refused_with_the_code_of_the_rule()
    {
        foreach (var message in RecordedMessage.All.Where(m => m.IsRequest && Refused.ContainsKey(m.Source)))
        {
            var refusal = Assert.Throws<WSManFaultException>(() => EnvelopeReader.ReadRequest(Utf8(message)));

            Assert.Equal((message.Source, Refused[message.Source][1]), (message.Source, refusal.Fault.Code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    [Trait("Feature", "QLT-03")]
    public void Bodies_and_filters_that_were_recorded_without_headers_are_read_as_well()
    {
        foreach (var message in RecordedMessage.All.Where(m => m.IsRequest && Refused.GetValueOrDefault(m.Source)?[2] == "a body without headers"))
        {
            using var xml = new XmlUtf8Writer();
            using var lenient = EnvelopeReader.ReadReply(Utf8(message));
            EnvelopeWriter.Write(xml, new Request(new MessageHeaders(), TypedBody.Request(lenient.Body)));

            Assert.Equal(CanonicalXml.Lines(message.Xml), CanonicalXml.Lines(Encoding.UTF8.GetString(xml.Written.Span)));
        }
    }

    private static IEnumerable<string> Differences(RecordedMessage message, Action<XmlUtf8Writer> writeBack)
    {
        using var xml = new XmlUtf8Writer();
        try
        {
            writeBack(xml);
        }
        catch (Exception e) when (e is WSManFaultException or XmlException)
        {
            return [$"{message} is not read: {e.Message}"];
        }

        var recorded = CanonicalXml.Lines(message.Xml).Where(line => !Leaves.Contains((message.Source, line))).ToList();
        var written = CanonicalXml.Lines(Encoding.UTF8.GetString(xml.Written.Span));
        return recorded.SequenceEqual(written)
            ? []
            : recorded.Except(written).Select(l => $"{message} has lost {l}").Concat(written.Except(recorded).Select(l => $"{message} has won {l}")).DefaultIfEmpty($"{message} has changed its order");
    }

    private static ReadOnlyMemory<byte> Utf8(RecordedMessage message) =>
        MessageBytes.ToUtf8(Encoding.UTF8.GetBytes(message.Xml), null, new ArrayBufferWriter<byte>(), out _);

    private static Dictionary<string, string[]> List(string file) => File.ReadLines(Path.Combine(RecordedMessage.Folder, file))
        .Where(l => l[0] != '#').Select(l => l.Split('\t')).ToDictionary(f => f[0]);
}

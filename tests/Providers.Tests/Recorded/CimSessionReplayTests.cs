using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Providers.Contract;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.TestKit.Recorded;

namespace Farwire.Providers.Tests.Recorded;

/// <summary>
/// The recorded Get-CimInstance session: a provider knows the disks that Windows told of, and the recorded requests get from this service what they got
/// from Windows, element for element.
/// </summary>
public sealed class CimSessionReplayTests
{
    private const string Flow = "gosammwr/docs/cimsession_flow/";

    private const string RecordedContext = "uuid:686ECA2F-690B-4013-8516-EAEFBEAAAD02";

    private static readonly string[] Items = [.. Answers("02_Res_enum.xml"), .. Answers("04_Res_pull.xml")];

    [Fact]
    [Trait("Feature", "QLT-03")]
    [Trait("Feature", "WMI-02")]
    [Trait("Feature", "PRO-19")]
    public async Task Enumerate_answers_every_item_as_Windows_wrote_it()
    {
        await using var dispatcher = Service();

        var (action, items, end) = await AskAsync(dispatcher, Request("02_Req_enum.xml"));

        Assert.Equal(Actions.EnumerateResponse, action);
        Assert.Equal(4, Items.Length);
        Assert.Empty(end);
        Assert.Equal(Items.Select(Canonical), items.Select(Canonical));
    }

    [Fact]
    [Trait("Feature", "QLT-03")]
    [Trait("Feature", "PRO-16")]
    public async Task Pull_answers_the_rest_as_Windows_did()
    {
        await using var dispatcher = Service();

        var (_, first, context) = await AskAsync(dispatcher, Request("02_Req_enum.xml").Replace("32000", "1", StringComparison.Ordinal));
        var (action, rest, end) = await AskAsync(dispatcher, Request("04_Req_pull.xml").Replace(RecordedContext, context, StringComparison.Ordinal));

        Assert.Single(first);
        Assert.Equal(Actions.PullResponse, action);
        Assert.Equal(Items.Skip(1).Select(Canonical), rest.Select(Canonical));
        Assert.Empty(end);
        Assert.Equal(0, dispatcher.OpenEnumerations);
    }

    [Theory]
    [InlineData(Flow + "03_Req_schema.xml", Flow + "03_Res_schema.xml")]
    [InlineData("gosammwr/docs/get_cim_schema_req.xml", "gosammwr/docs/get_cim_schema_res.xml")]
    [Trait("Feature", "QLT-03")]
    public async Task The_class_is_described_member_by_member_as_Windows_described_it(string asked, string answered)
    {
        await using var dispatcher = Service();

        using var encoded = await dispatcher.ProcessAsync(Encoding.UTF8.GetBytes(RecordedMessage.Read(asked).Single().Xml), Caller.Named("ann"), CancellationToken.None);

        var ours = XElement.Parse(Encoding.UTF8.GetString(encoded.Utf8.Span)).Descendants("CLASS").Single();
        var theirs = XElement.Parse(RecordedMessage.Read(answered).Single().Xml).Descendants("CLASS").Single();
        Assert.Equal(theirs.Attributes().Select(a => a.ToString()), ours.Attributes().Select(a => a.ToString()));
        Assert.Equal(Properties(theirs), Properties(ours));
        Assert.Superset(theirs.Elements("METHOD").Select(m => m.Attribute("NAME")!.Value).ToHashSet(), ours.Elements("METHOD").Select(m => m.Attribute("NAME")!.Value).ToHashSet());
        Assert.Contains(ours.Descendants("QUALIFIER"), q => q.Attribute("NAME")!.Value == "Read");
    }

    [Fact]
    [Trait("Feature", "QLT-03")]
    public async Task The_whole_session_is_answered_message_by_message()
    {
        await using var dispatcher = Service();
        var context = RecordedContext;
        foreach (var file in new[] { "01_Req_Hello.xml", "02_Req_enum.xml", "03_Req_schema.xml", "04_Req_pull.xml", "05_Req_end.xml" })
        {
            // One item at first, as Windows did; the context is the one that our service gave.
            var request = Request(file).Replace("<w:MaxElements>32000<", file.StartsWith("02", StringComparison.Ordinal) ? "<w:MaxElements>1<" : "<w:MaxElements>32000<", StringComparison.Ordinal);
            using var encoded = await dispatcher.ProcessAsync(
                Encoding.UTF8.GetBytes(request.Replace(RecordedContext, context, StringComparison.Ordinal)), Caller.Named("ann"), CancellationToken.None);
            if (file.StartsWith("05", StringComparison.Ordinal))
            {
                Assert.True(encoded.Utf8.IsEmpty);
                continue;
            }

            var answer = XElement.Parse(Encoding.UTF8.GetString(encoded.Utf8.Span));
            Assert.Empty(answer.Descendants(XName.Get("Fault", Namespaces.Soap)));
            context = answer.Descendants(XName.Get("EnumerationContext", Namespaces.Enumeration)).FirstOrDefault()?.Value is { Length: > 0 } given ? given : context;
        }

        Assert.Equal(0, dispatcher.OpenEnumerations);
    }

    private static List<string> Properties(XElement description) =>
    [
        .. description.Elements().Where(e => e.Name.LocalName.StartsWith("PROPERTY", StringComparison.Ordinal))
            .Select(e => $"{e.Name.LocalName} {string.Join(' ', e.Attributes().Select(a => a.ToString()))}"),
    ];

    private static Dispatcher Service()
    {
        var schema = new CimSchema("root/cimv2").AddMof(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "root_cimv2.mof")));
        return new Dispatcher(new ResourceCatalog().Add(new CimCatalog().Add(schema, new RecordedDisks(schema))));
    }

    private static string Request(string file) => RecordedMessage.Read(Flow + file).Single().Xml;

    private static IEnumerable<string> Answers(string file)
    {
        var answer = XElement.Parse(RecordedMessage.Read(Flow + file).Single().Xml);
        return answer.Descendants(XName.Get("Item", Namespaces.WSMan)).Select(e => e.ToString());
    }

    private static async Task<(string Action, List<string> Items, string Context)> AskAsync(Dispatcher dispatcher, string request)
    {
        using var encoded = await dispatcher.ProcessAsync(Encoding.UTF8.GetBytes(request), Caller.Named("ann"), CancellationToken.None);
        using var reply = EnvelopeReader.ReadReply(encoded.Utf8);
        Assert.Null(reply.Fault);
        var items = new List<string>();
        var batch = EnumerationBatch.Read(reply.Body, item => items.Add(item.ReadOuterXml()));
        return (reply.Headers.Action!, items, batch.EndOfSequence ? "" : batch.Context!);
    }

    private static string Canonical(string item) => string.Join('\n', CanonicalXml.Lines($"<s:Envelope xmlns:s=\"{Namespaces.Soap}\"><s:Body>{item}</s:Body></s:Envelope>"));

    /// <summary>The disks of the recorded answers.</summary>
    private sealed class RecordedDisks(CimSchema schema) : ICimProvider
    {
        public CimClass Class { get; } = schema.Find("Win32_DiskDrive")!;

        public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            foreach (var item in Items)
            {
                yield return Read(item);
            }
        }

        public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Items.Select(Read).FirstOrDefault(disk => keys[0].Equals(disk["DeviceID"].AsString(), StringComparison.OrdinalIgnoreCase)));

        private CimInstance Read(string item)
        {
            var xml = XElement.Parse(item).Elements().First().ToString();
            using var reader = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(xml), XmlDictionaryReaderQuotas.Max);
            reader.MoveToContent();
            return new InstanceReader(schema.Find).Read(new BodyReader(reader));
        }
    }
}

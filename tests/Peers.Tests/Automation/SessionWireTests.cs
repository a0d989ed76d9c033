using System.Globalization;
using System.Xml.Linq;
using Farwire.Client.Automation;
using Farwire.Client.Connection;
using Farwire.Protocol.Names;

namespace Farwire.Peers.Tests.Automation;

/// <summary>What the automation objects put on the wire.</summary>
public sealed class SessionWireTests : IDisposable
{
    private const string Shelf = "http://schemas.example.com/shelf/Box";

    private readonly RecordingPeer _peer = new(Answer);
    private readonly WSMan _wsman = new() { Settings = new AutomationSettings { AllowUnencrypted = true, NetworkDelay = TimeSpan.FromMinutes(1) } };
    private readonly Session _session;

    public SessionWireTests()
    {
        var options = _wsman.CreateConnectionOptions();
        (options.UserName, options.Password) = ("ann", "pw of ann");
        _session = _wsman.CreateSession($"http://127.0.0.1:{_peer.Port}", _wsman.SessionFlagUseBasic() | _wsman.SessionFlagCredUsernamePassword(), options);
    }

    private Received Last => _peer.Requests[^1];

    [Fact]
    [Trait("Feature", "API-02")]
    public void A_flag_at_an_operation_without_flags_is_an_error_of_the_caller_and_nothing_is_sent()
    {
        foreach (var operation in new Action[]
        {
            () => _session.Get(Shelf, 1), () => _session.Put(Shelf, "<a/>", 1), () => _session.Create(Shelf, "<a/>", 1), () => _session.Delete(Shelf, 1), () => _session.Invoke("Fill", Shelf, "<a/>", 1),
        })
        {
            Assert.Throws<ArgumentException>(operation);
            Assert.Equal("2147942487", XElement.Parse(_session.Error).Attribute("Code")?.Value);
        }

        Assert.Throws<ArgumentException>(() => _session.Enumerate(Shelf, flags: 0x8));
        Assert.Throws<ArgumentException>(() => _session.Invoke("Fill", Shelf, ""));
        Assert.Empty(_peer.Requests);
    }

    [Fact]
    [Trait("Feature", "API-06")]
    public void User_and_password_are_sent()
    {
        _session.Get(Shelf);

        var line = Last.Head.Split("\r\n").Single(l => l.StartsWith("Authorization: Basic ", StringComparison.Ordinal));
        Assert.Equal("ann:pw of ann", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(line[21..])));
    }

    [Fact]
    [Trait("Feature", "API-03")]
    public void A_locators_keys_options_and_fragment_are_sent()
    {
        var locator = _wsman.CreateResourceLocator(Shelf + "?Name=a");
        locator.AddSelector("Row", 2);
        locator.AddOption("Depth", 3);
        locator.AddOption("Strict", true, mustComply: true);
        locator.FragmentPath = "Tags[1]";

        Assert.Equal("x", XElement.Parse(_session.Get(locator)).Value);

        var header = Last.Envelope.Elements().First();
        Assert.Equal(["Name=a", "Row=2"], header.Descendants(W("Selector")).Select(s => $"{s.Attribute("Name")?.Value}={s.Value}"));
        Assert.Equal(["Depth=3 ", "Strict=true true"], header.Descendants(W("Option")).Select(o => $"{o.Attribute("Name")?.Value}={o.Value} {o.Attribute("MustComply")?.Value}"));
        Assert.Equal("Tags[1]", Last.Header("FragmentTransfer"));
        Assert.Null(header.Element(W("FragmentTransfer"))!.Attribute("Dialect"));

        locator.ClearOptions();
        locator.ClearSelectors();
        locator.AddOption("Loose", null);
        locator.MustUnderstandOptions = true;
        locator.FragmentDialect = Dialects.XPath;
        _session.Get(locator);

        header = Last.Envelope.Elements().First();
        Assert.Empty(header.Descendants(W("Selector")));
        Assert.Equal("true", header.Element(W("OptionSet"))?.Attribute(XName.Get("mustUnderstand", Namespaces.Soap))?.Value);
        Assert.Equal("true", header.Descendants(W("Option")).Single().Attribute(XName.Get("nil", Namespaces.SchemaInstance))?.Value);
        Assert.Equal(Dialects.XPath, header.Element(W("FragmentTransfer"))!.Attribute("Dialect")?.Value);

        Assert.Throws<ArgumentException>(() => locator.ResourceURI = Shelf + "?Name=b");
        Assert.NotEqual("", locator.Error);
        Assert.Equal(Shelf, locator.ResourceURI);
    }

    [Fact]
    [Trait("Feature", "API-03")]
    public void Items_end_where_they_end_and_nothing_is_released_then()
    {
        using (var items = _session.Enumerate(Shelf))
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.False(items.AtEndOfStream);
                Assert.Equal(i.ToString(CultureInfo.InvariantCulture), XElement.Parse(items.ReadItem()).Value);
            }

            Assert.True(items.AtEndOfStream);
            Assert.Throws<InvalidOperationException>(items.ReadItem);
            Assert.Contains("No item is left", items.Error, StringComparison.Ordinal);
        }

        Assert.Equal(["Enumerate", "Pull", "Pull"], Actions());
    }

    [Fact]
    [Trait("Feature", "API-03")]
    public void Whoever_lets_go_before_the_end_releases_the_rest()
    {
        var items = _session.Enumerate(Shelf);
        items.ReadItem();

        items.Dispose();

        Assert.Equal("Release", Actions()[^1]);
        Assert.Equal("uuid:shelf", Last.Content.Value);
        Assert.True(items.AtEndOfStream);
    }

    [Fact]
    [Trait("Feature", "API-07")]
    public void Batch_size_and_time_out_are_sent_and_fixed_while_an_enumeration_runs()
    {
        Assert.Equal((20, 60_000), (_session.BatchItems, _session.Timeout));
        (_session.BatchItems, _session.Timeout) = (2, 7_000);
        using (var items = _session.Enumerate(Shelf))
        {
            Assert.Equal("2", _peer.Requests[0].Envelope.Descendants(W("MaxElements")).Single().Value);
            Assert.Throws<InvalidOperationException>(() => _session.BatchItems = 3);
            Assert.Throws<InvalidOperationException>(() => _session.Timeout = 3);
            Assert.Contains("fixed while an enumeration runs", _session.Error, StringComparison.Ordinal);
            while (!items.AtEndOfStream)
            {
                items.ReadItem();
            }

            var pulls = _peer.Requests.Where(r => r.Header("Action").EndsWith("/Pull", StringComparison.Ordinal)).ToList();
            Assert.Equal(["2", "2"], pulls.Select(p => p.Content.Elements().Single(e => e.Name.LocalName == "MaxElements").Value));
            Assert.All(_peer.Requests, r => Assert.Equal(TimeSpan.FromSeconds(7), System.Xml.XmlConvert.ToTimeSpan(r.Header("OperationTimeout"))));
        }

        (_session.BatchItems, _session.Timeout) = (3, 8_000);
        Assert.Equal((3, 8_000), (_session.BatchItems, _session.Timeout));
        Assert.Throws<ArgumentOutOfRangeException>(() => _session.BatchItems = 0);
    }

    [Fact]
    [Trait("Feature", "API-07")]
    public async Task What_takes_longer_than_the_time_out_fails()
    {
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var peer = new RecordingPeer(_ =>
        {
            silent.Task.Wait();
            return "";
        });
        var wsman = new WSMan { Settings = new AutomationSettings { AllowUnencrypted = true, NetworkDelay = TimeSpan.Zero } };
        var options = wsman.CreateConnectionOptions();
        (options.UserName, options.Password) = ("ann", "pw");
        using var session = wsman.CreateSession($"http://127.0.0.1:{peer.Port}", wsman.SessionFlagUseBasic(), options);
        session.Timeout = 50;

        var failure = await Task.Run(() => Assert.Throws<WSManTransportException>(() => session.Get(Shelf)));
        silent.SetResult();

        Assert.Equal(TransportFailure.TimedOut, failure.Failure);
        Assert.NotEqual("", session.Error);
    }

    [Fact]
    [Trait("Feature", "API-02")]
    public void A_method_may_be_named_by_the_URI_of_its_action()
    {
        _session.Invoke("Fill", Shelf, "<a/>");
        var byName = Last.Header("Action");
        _session.Invoke("urn:other/Fill", Shelf, "<a/>");

        Assert.Equal((Shelf + "/Fill", "urn:other/Fill"), (byName, Last.Header("Action")));
    }

    [Fact]
    [Trait("Feature", "API-14")]
    public void Aliases_are_written_out_at_every_operation()
    {
        const string uri = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Box";
        foreach (var operation in new Action[]
        {
            () => _session.Get("wmicimv2/Box"), () => _session.Put("wmicimv2/Box", "<a/>"), () => _session.Create("WmiCimV2/Box", "<a/>"), () => _session.Delete("wmicimv2/Box?Number=1"),
            () => _session.Invoke("Fill", "wmicimv2/Box", "<a/>"), () => _session.Enumerate("wmicimv2/Box").Dispose(), () => _session.Get(_wsman.CreateResourceLocator("wmi/root/cimv2/Box")),
        })
        {
            operation();
            Assert.Equal(uri, Last.Header("ResourceURI"));
        }

        Assert.Equal(uri + "/Fill", _peer.Requests.Single(r => r.Header("Action").EndsWith("/Fill", StringComparison.Ordinal)).Header("Action"));
    }

    [Fact]
    public void Requests_are_written_in_UTF_16_when_asked()
    {
        var options = _wsman.CreateConnectionOptions();
        (options.UserName, options.Password) = ("ann", "pw");
        using var session = _wsman.CreateSession($"http://127.0.0.1:{_peer.Port}", _wsman.SessionFlagUseBasic() | _wsman.SessionFlagUTF16(), options);

        session.Get(Shelf);

        Assert.Contains("charset=UTF-16", Last.Head, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose()
    {
        _session.Dispose();
        _peer.Dispose();
    }

    private static XName W(string name) => XName.Get(name, Namespaces.WSMan);

    private List<string> Actions() => [.. _peer.Requests.Select(r => r.Header("Action").Split('/')[^1])];

    // Five boxes: two in the first answer, two in the second, one in the last.
    private static string Answer(Received request) => request.Header("Action").Split('/')[^1] switch
    {
        "Get" when request.Body.Contains("FragmentTransfer", StringComparison.Ordinal) => $"<w:XmlFragment xmlns:w=\"{Namespaces.WSMan}\">x</w:XmlFragment>",
        "Get" => Box(0),
        "Enumerate" => Batch("EnumerateResponse", "w:", false, 0, 1),
        "Pull" when request.Content.Value.Contains("uuid:more", StringComparison.Ordinal) => Batch("PullResponse", "n:", true, 4),
        "Pull" => Batch("PullResponse", "n:", false, 2, 3).Replace("uuid:shelf", "uuid:more", StringComparison.Ordinal),
        "Release" => "",
        var method => $"<b:{method}_OUTPUT xmlns:b=\"{Shelf}\"/>",
    };

    private static string Batch(string name, string prefix, bool isLast, params int[] boxes) =>
        $"<n:{name} xmlns:n=\"{Namespaces.Enumeration}\" xmlns:w=\"{Namespaces.WSMan}\"><n:EnumerationContext>uuid:shelf</n:EnumerationContext>"
        + $"<{prefix}Items>{string.Concat(boxes.Select(Box))}</{prefix}Items>{(isLast ? "<n:EndOfSequence/>" : "")}</n:{name}>";

    private static string Box(int number) => $"<b:Box xmlns:b=\"{Shelf}\"><b:Number>{number}</b:Number></b:Box>";
}

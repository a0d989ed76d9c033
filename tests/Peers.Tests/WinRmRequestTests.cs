using System.Xml.Linq;

namespace Farwire.Peers.Tests;

/// <summary>What the built winrm puts on the wire for a command line, and what it makes of the answer.</summary>
public sealed class WinRmRequestTests : IDisposable
{
    private const string Shelf = "http://schemas.example.com/shelf/Box";

    private readonly RecordingPeer _peer = new(Answer);
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-requests-").FullName;

    private Received Last => _peer.Requests[^1];

    [Fact]
    [Trait("Feature", "CLI-03")]
    public async Task Hash_input_becomes_the_elements_of_the_method()
    {
        var outcome = await RunAsync("invoke", "Fill", Shelf + "?Name=a", "@{Text=\"say \"\"hi\"\" & <go>\";Single='x;y';Plain=two words;x:Prefixed=\"1\";Nothing=$null;Tag=\"a\";Tag=\"b\"}");

        Assert.Equal((0, "Fill_OUTPUT\n    ReturnValue = 0\n\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal(Shelf + "/Fill", Last.Header("Action"));
        Assert.Equal(XName.Get("Fill_INPUT", Shelf), Last.Content.Name);
        Assert.Equal(
            ["Text=say \"hi\" & <go>", "Single=x;y", "Plain=two words", "Prefixed=1", "Nothing=nil", "Tag=a", "Tag=b"],
            Last.Content.Elements().Select(e => $"{e.Name.LocalName}={(e.HasAttributes ? "nil" : e.Value)}"));
        Assert.All(Last.Content.Elements(), e => Assert.Equal(Shelf, e.Name.NamespaceName));
    }

    [Fact]
    [Trait("Feature", "CLI-04")]
    public async Task A_file_is_sent_as_it_is_and_not_together_with_a_hash()
    {
        var file = Path.Combine(_folder, "input.xml");
        await File.WriteAllTextAsync(file, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<b:Box xmlns:b=\"urn:other\"><b:Name>\u00fc</b:Name></b:Box>\n");

        var sent = await RunAsync("create", Shelf, "-file:" + file);
        var requests = _peer.Requests.Count;
        var both = await RunAsync("create", Shelf, "@{Name=\"a\"}", "-file:" + file);
        var none = await RunAsync("set", Shelf);
        await File.WriteAllTextAsync(file, "<!DOCTYPE a [<!ENTITY e SYSTEM \"/etc/passwd\">]><a>&e;</a>");
        var hostile = await RunAsync("create", Shelf, "-file:" + file);

        Assert.Equal(0, sent.ExitCode);
        Assert.Equal("<b:Box xmlns:b=\"urn:other\"><b:Name>\u00fc</b:Name></b:Box>", Last.Content.ToString(SaveOptions.DisableFormatting).Replace(" xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"", "", StringComparison.Ordinal));
        Assert.Equal((1, 1, 1), (both.ExitCode, none.ExitCode, hostile.ExitCode));
        Assert.StartsWith("Error: give either @{…} or -file, not both.", both.Errors, StringComparison.Ordinal);
        Assert.StartsWith("Error: the input is missing", none.Errors, StringComparison.Ordinal);
        Assert.Contains("DTD", hostile.Errors, StringComparison.Ordinal);
        Assert.Equal(requests, _peer.Requests.Count);
    }

    [Fact]
    [Trait("Feature", "CLI-07")]
    public async Task Set_changes_the_leaves_it_is_given_in_what_is_there_and_sends_all_of_it()
    {
        var outcome = await RunAsync("PUT", Shelf + "?Name=a", "@{Label=\"new\"}");

        Assert.Equal(0, outcome.ExitCode);
        Assert.EndsWith("/Put", Last.Header("Action"), StringComparison.Ordinal);
        Assert.Equal(["Label=new", "Name=a", "Tags=x", "Tags=y", "Owner=Ann"], Last.Content.Elements().Select(e => $"{e.Name.LocalName}={e.Value}"));
        Assert.Equal("Box\n    Label = new\n    Name = a\n    Tags = x, y\n    Owner\n        First = Ann\n\n", outcome.Output);
        var requests = _peer.Requests.Count;
        Assert.Contains("Box has no property 'label'", (await RunAsync("set", Shelf, "@{label=\"new\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("Box has several properties 'Tags'", (await RunAsync("set", Shelf, "@{Tags=\"new\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("the property 'Owner' is not simple text", (await RunAsync("set", Shelf, "@{Owner=\"new\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("the property 'Label' is given several times", (await RunAsync("set", Shelf, "@{Label=\"1\";Label=\"2\"}")).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(_peer.Requests.Skip(requests), r => r.Header("Action").EndsWith("/Put", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "CLI-08")]
    public async Task Create_shows_the_reference_delete_nothing_and_invoke_its_output()
    {
        var created = await RunAsync("c", Shelf, "@{Name=\"a\"}");
        var deleted = await RunAsync("d", Shelf + "?Name=a");
        var invoked = await RunAsync("i", "Fill", Shelf, "@{}");

        Assert.Equal(
            "ResourceCreated\n    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous\n    ReferenceParameters\n"
            + $"        ResourceURI = {Shelf}\n        SelectorSet\n            Selector: Name = a, Row = 2\n\n",
            created.Output);
        Assert.Equal((0, "", ""), (deleted.ExitCode, deleted.Output, deleted.Errors));
        Assert.Equal("Fill_OUTPUT\n    ReturnValue = 0\n\n", invoked.Output);
    }

    [Theory]
    [InlineData("wmi/root/x/C", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/x/C")]
    [InlineData("WMICIMV2/C", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/C")]
    [InlineData("cimv2/C", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/C")]
    [InlineData("winrm/config", "http://schemas.microsoft.com/wbem/wsman/1/config")]
    [InlineData("WSMan/config", "http://schemas.microsoft.com/wbem/wsman/1/config")]
    [InlineData("shell/cmd", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd")]
    [Trait("Feature", "CLI-10")]
    public async Task Aliases_are_expanded(string word, string uri)
    {
        await RunAsync("get", word);

        Assert.Equal(uri, Last.Header("ResourceURI"));
    }

    [Fact]
    public async Task Switches_of_a_query_are_in_the_request()
    {
        await RunAsync("enumerate", Shelf, "-dialect:WQL", "-filter:select * from Box", "-returntype:objectandepr", "-shallow", "-basepropertiesonly", "-options:{Deep=\"1\";Nothing=$null}", "-timeout:1500");

        Assert.Equal(("http://schemas.microsoft.com/wbem/wsman/1/WQL", "select * from Box"), Filter());
        Assert.Equal("EnumerateObjectAndEPR", Last.Header("EnumerationMode"));
        Assert.Equal("None", Last.Header("PolymorphismMode"));
        Assert.Equal(["Deep=1", "Nothing="], Last.Envelope.Descendants().Where(e => e.Name.LocalName == "Option").Select(e => $"{e.Attribute("Name")!.Value}={e.Value}"));
        Assert.Equal("PT1.500S", Last.Header("OperationTimeout"));

        await RunAsync("e", Shelf, "-basepropertiesonly", "-returntype:epr");
        Assert.Equal(("ExcludeSubClassProperties", "EnumerateEPR"), (Last.Header("PolymorphismMode"), Last.Header("EnumerationMode")));

        await RunAsync("get", Shelf, "-fragment:Tags[2]", "-dialect:urn:path");
        Assert.Equal(("Tags[2]", "urn:path"), (Last.Header("FragmentTransfer"), Last.Envelope.Descendants().First(e => e.Name.LocalName == "FragmentTransfer").Attribute("Dialect")!.Value));
    }

    [Theory]
    [InlineData(false, "AssociatedInstances", "{Object=Win32_Service?Name=cron;Role=Antecedent;AssociationClassName=Win32_DependentService;ResultClassName=Win32_Service}", "AssociationClassName|Role|ResultClassName")]
    [InlineData(true, "AssociationInstances", "{Object=wmicimv2/Win32_Service?Name=cron;ResultClassName=Win32_DependentService}", "ResultClassName")]
    public async Task Association_filters_start_from_a_reference(bool associations, string element, string filter, string children)
    {
        await RunAsync(["enumerate", "wmicimv2/*", "-dialect:Association", "-filter:" + filter, .. associations ? ["-associations"] : Array.Empty<string>()]);

        var content = Last.Envelope.Descendants().First(e => e.Name.LocalName == "Filter").Elements().Single();
        Assert.Equal("http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter", Filter().Dialect);
        Assert.Equal(XName.Get(element, "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"), content.Name);
        Assert.Equal("Object|" + children, string.Join('|', content.Elements().Select(e => e.Name.LocalName)));
        Assert.Equal("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service", content.Descendants().First(e => e.Name.LocalName == "ResourceURI").Value);
        Assert.Equal("cron", content.Descendants().First(e => e.Name.LocalName == "Selector").Value);
    }

    [Fact]
    public async Task Requests_can_be_in_UTF_16()
    {
        var outcome = await RunAsync("create", Shelf, "@{Name=\"\u00fc\u4e2d\"}", "-encoding:UTF-16");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("Content-Type: application/soap\\+xml; ?charset=UTF-16", Last.Head);
        Assert.Equal("\u00fc\u4e2d", Last.Content.Elements().Single().Value);
    }

    [Theory]
    [InlineData("http://box.example", "POST http://box.example/wsman HTTP/1.1", "-unencrypted")]
    [InlineData("box.example", "POST http://box.example:5985/wsman HTTP/1.1", "-unencrypted")]
    [InlineData("https://box.example", "CONNECT box.example:443 HTTP/1.1")]
    [InlineData("box.example", "CONNECT box.example:5986 HTTP/1.1", "-usessl")]
    [InlineData("box.example:99/prefix", "POST http://box.example:99/prefix HTTP/1.1", "-unencrypted")]
    [Trait("Feature", "CLI-17")]
    public async Task A_host_is_reached_on_the_port_that_its_form_means(string host, string requestLine, params string[] switches)
    {
        // A proxy is told in full where the client wants to go.
        var proxy = $"http://127.0.0.1:{_peer.Port}";
        await Commands.RunAsync("env", ["http_proxy=" + proxy, "https_proxy=" + proxy, "no_proxy=", RunningService.Program("farwire"), "winrm", "id", "-r:" + host, .. switches]);

        Assert.Equal(requestLine, Last.RequestLine);
    }

    [Fact]
    [Trait("Feature", "CLI-12")]
    public async Task What_a_provider_said_is_shown_with_the_number_of_the_fault()
    {
        var outcome = await RunAsync("get", "urn:fault");

        Assert.Equal(
            "WSManFault\n    Message\n        ProviderFault\n            WSManFault\n                Message = No certificate fits.\n\n"
            + "Error number:  -2144108267 0x80338115\nNo certificate fits.\n",
            outcome.Errors);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
    }

    public void Dispose()
    {
        _peer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (string Dialect, string Text) Filter()
    {
        var filter = Last.Envelope.Descendants().First(e => e.Name.LocalName == "Filter");
        return (filter.Attribute("Dialect")!.Value, filter.Value);
    }

    private Task<Outcome> RunAsync(params string[] arguments) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. arguments, $"-r:http://127.0.0.1:{_peer.Port}", "-unencrypted"]);

    private static string Answer(Received request) => request.Body.Contains("Identify", StringComparison.Ordinal) ? "" : request.Header("Action").Split('/')[^1] switch
    {
        _ when request.Header("ResourceURI") == "urn:fault" => """
            <s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">No certificate fits.</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150859029" Machine="box"><f:Message><f:ProviderFault provider="Config provider" path="x.dll"><f:WSManFault Code="2150859029" Machine="box"><f:Message>No certificate fits.</f:Message></f:WSManFault></f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault>
            """,
        "Get" => Box("old"),
        "Put" => Box("new"),
        "Delete" => "",
        "Create" => $"""
            <x:ResourceCreated xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><w:ResourceURI>{Shelf}</w:ResourceURI><w:SelectorSet><w:Selector Name="Name">a</w:Selector><w:Selector Name="Row">2</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>
            """,
        "Enumerate" => """
            <n:EnumerateResponse xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><n:EnumerationContext/><w:EndOfSequence/></n:EnumerateResponse>
            """,
        var method => $"<b:{method}_OUTPUT xmlns:b=\"{Shelf}\"><b:ReturnValue>0</b:ReturnValue></b:{method}_OUTPUT>",
    };

    private static string Box(string label) => $"""
        <b:Box xmlns:b="{Shelf}"><b:Label>{label}</b:Label><b:Name>a</b:Name><b:Tags>x</b:Tags><b:Tags>y</b:Tags><b:Owner><b:First>Ann</b:First></b:Owner></b:Box>
        """;
}

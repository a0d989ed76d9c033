using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Plugins;

/// <summary>Operations of registered plug-ins, asked for with curl and winrm.</summary>
public sealed partial class OperationTests(OperationTests.Registered registered) : IClassFixture<OperationTests.Registered>
{
    private const string Notes = Registration.Notes;
    private const string Readers = "http://schemas.example.com/readers";
    private const string Narrow = "http://schemas.example.com/narrow";
    private const string Guarded = "http://schemas.example.com/guarded";

    private const string Denied = "may not do this here";

    private AdministeredService Service => registered.Service;

    [Fact]
    public async Task Notes_are_made_read_changed_listed_and_removed()
    {
        Assert.Contains(">one</w:Selector>", await SendAsync("Create", Notes, Note("first"), ("Title", "one")), StringComparison.Ordinal);
        Assert.Contains("<n:Text>first</n:Text>", await SendAsync("Get", Notes, "", ("Title", "one")), StringComparison.Ordinal);
        Assert.Contains("<n:Text>second</n:Text>", await SendAsync("Put", Notes, Note("second"), ("Title", "one")), StringComparison.Ordinal);
        Assert.Contains("second", await Service.AskAsync("enumerate", Notes), StringComparison.Ordinal);
        Assert.Contains("Selector: Title = one", await Service.AskAsync("enumerate", Notes, "-returntype:epr"), StringComparison.Ordinal);
        await Service.AskAsync("delete", Notes + "?Title=one");
        Assert.Contains("2150858752", await SendAsync("Get", Notes, "", ("Title", "one")), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PLG-02")]
    public async Task What_a_registration_does_not_declare_is_not_supported()
    {
        Assert.Contains("2150858752", await SendAsync("Get", Narrow, "", ("Title", "none")), StringComparison.Ordinal); // declared: the plug-in answers
        foreach (var action in new[] { "Put", "Create", "Delete" })
        {
            var answer = await SendAsync(action, Narrow, action == "Delete" ? "" : Note("x"), ("Title", "none"));
            Assert.Contains("<s:Value>a:ActionNotSupported</s:Value>", answer, StringComparison.Ordinal);
            Assert.Contains("Code=\"2150858771\"", answer, StringComparison.Ordinal);
        }

        Assert.Contains("a:ActionNotSupported", await Service.CurlAsync(Soap.Enumerate(Narrow, "")), StringComparison.Ordinal);
        Assert.Contains("a:ActionNotSupported", await InvokeAsync(Narrow, "Describe"), StringComparison.Ordinal);
        Assert.Contains("a:ActionNotSupported", await new LocalShell(Service, Narrow).CreateAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PLG-03")]
    public async Task A_prefix_covers_what_is_below_it_and_an_exact_URI_itself_alone()
    {
        Assert.Contains("Describe_OUTPUT", await InvokeAsync(Notes + "/below/it", "Describe"), StringComparison.Ordinal);
        Assert.Contains("2150858752", await InvokeAsync(Notes + "s", "Describe"), StringComparison.Ordinal);
        Assert.Contains("Describe_OUTPUT", await InvokeAsync(Readers, "Describe"), StringComparison.Ordinal);
        Assert.Contains("Code=\"2150858752\"", await InvokeAsync(Readers + "/below", "Describe"), StringComparison.Ordinal);

        // Who may do what: 'nobody' is let in by the longest rule, and by an exact one before a longer prefix.
        Assert.Contains(Denied, await AsNobodyAsync(Guarded), StringComparison.Ordinal);
        Assert.Contains(Denied, await AsNobodyAsync(Guarded + "/open/shut/more"), StringComparison.Ordinal);
        Assert.DoesNotContain(Denied, await AsNobodyAsync(Guarded + "/open"), StringComparison.Ordinal);
        Assert.DoesNotContain(Denied, await AsNobodyAsync(Guarded + "/open/elsewhere"), StringComparison.Ordinal);
        Assert.DoesNotContain(Denied, await AsNobodyAsync(Guarded + "/open/shut/exact"), StringComparison.Ordinal);
        Assert.Contains(Denied, await AsNobodyAsync(Guarded + "/open/shut/exact/below"), StringComparison.Ordinal);

        Task<string> AsNobodyAsync(string uri) => Service.CurlAsync(Soap.Get(uri, Soap.Selectors(("Title", "x"))), "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    }

    [Fact]
    [Trait("Feature", "PLG-04")]
    public async Task Options_fault_where_none_are_supported_and_reach_the_plug_in_where_they_are()
    {
        const string option = "<w:OptionSet><w:Option Name=\"Colour\">red</w:Option></w:OptionSet>";

        var refused = await InvokeAsync(Notes, "Describe", option);
        Assert.Contains("w:InvalidOptions", refused, StringComparison.Ordinal);
        Assert.Contains("Code=\"2150858833\"", refused, StringComparison.Ordinal);
        Assert.Equal("Colour=red", Value(await InvokeAsync(Readers, "Describe", option), "Options"));
    }

    [Fact]
    [Trait("Feature", "PLG-05")]
    public async Task Initialization_parameters_reach_the_start()
    {
        Assert.Equal("Depth=3 Shape=round", Value(await InvokeAsync(Readers, "Describe"), "Parameters"));
    }

    [Fact]
    [Trait("Feature", "PLG-11")]
    public async Task A_client_that_goes_and_a_time_that_is_over_end_the_plug_ins_work()
    {
        var diary = Path.Combine(Service.State, "waiting");
        var curl = Service.CurlAsync(Soap.Message($"{Narrow}wait/Wait", Narrow + "wait", ""), "timeout", "3"); // ends curl
        await AdministeredService.UntilAsync(async () => File.Exists(diary) && (await File.ReadAllTextAsync(diary)).Contains("waiting", StringComparison.Ordinal));
        await curl;
        await AdministeredService.UntilAsync(async () => (await File.ReadAllTextAsync(diary)).Contains("cancelled", StringComparison.Ordinal));

        var timedOut = await Service.CurlAsync(Soap.Message($"{Narrow}wait/Wait", Narrow + "wait", "", "<w:OperationTimeout>PT0.5S</w:OperationTimeout>"));
        Assert.Contains("Code=\"2150858793\"", timedOut, StringComparison.Ordinal);
        await AdministeredService.UntilAsync(async () => CancelledLine().Count(await File.ReadAllTextAsync(diary)) == 2);
    }

    [Fact]
    [Trait("Feature", "PLG-12")]
    public async Task A_fault_of_the_plug_in_names_it_and_its_file()
    {
        var refused = await InvokeAsync(Notes, "Refuse");
        Assert.Contains($"<f:ProviderFault provider=\"Notebook\" path=\"{Registration.Sample("NotebookPlugin")}\">this notebook is closed.", refused, StringComparison.Ordinal);
        Assert.Contains("Code=\"5\"", refused, StringComparison.Ordinal);
        Assert.Contains("<f:ExtendedError><reason xmlns=\"http://schemas.example.com/notebook\">closed</reason></f:ExtendedError>", refused, StringComparison.Ordinal);

        foreach (var bug in new[] { "Fail", "Nonsense", "Exit" })
        {
            var failed = await InvokeAsync(Notes, bug);
            Assert.Contains("Code=\"2150858883\"", failed, StringComparison.Ordinal);
            Assert.Contains("<f:ProviderFault provider=\"Notebook\"", failed, StringComparison.Ordinal);
            Assert.DoesNotContain("a bug of the notebook", failed, StringComparison.Ordinal); // that is for the log
        }

        Assert.Contains("a bug of the notebook", Service.Log, StringComparison.Ordinal);
        Assert.Contains("Describe_OUTPUT", await InvokeAsync(Notes, "Describe"), StringComparison.Ordinal); // in a new process
        var shown = await Service.WinRmAsync("invoke", "Refuse", Notes, "@{}");
        Assert.Contains("ProviderFault", shown.Output + shown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PLG-16")]
    public async Task XML_comes_as_a_string_or_as_a_reader_as_registered()
    {
        Assert.Equal("string", Value(await InvokeAsync(Notes, "Describe", body: "<x/>"), "Rendering"));
        Assert.Equal("reader", Value(await InvokeAsync(Readers, "Describe", body: "<x/>"), "Rendering"));
        Assert.Contains("<n:Text>by reader</n:Text>", await CreatedAsync(Readers, "by reader"), StringComparison.Ordinal);
        Assert.Contains("<n:Text>by string</n:Text>", await CreatedAsync(Notes, "by string"), StringComparison.Ordinal);

        async Task<string> CreatedAsync(string uri, string text)
        {
            await SendAsync("Create", uri, Note(text), ("Title", text));
            return await SendAsync("Get", uri, "", ("Title", text));
        }
    }

    [Fact]
    public async Task Fragments_and_filters_pass_only_where_they_are_declared()
    {
        const string fragment = "<w:FragmentTransfer s:mustUnderstand=\"true\">Text</w:FragmentTransfer>";
        await SendAsync("Create", Readers, Note("plum"), ("Title", "fruit"));
        Assert.Contains("plum", await Service.CurlAsync(Soap.Get(Readers, Soap.Selectors(("Title", "fruit")) + fragment)), StringComparison.Ordinal);
        Assert.Contains("2150858871", await Service.CurlAsync(Soap.Get(Notes, Soap.Selectors(("Title", "fruit")) + fragment)), StringComparison.Ordinal);

        const string filter = "<w:Filter Dialect=\"urn:word\">plum</w:Filter><w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements>";
        Assert.Contains("<n:Title>fruit</n:Title>", await Service.CurlAsync(Soap.Enumerate(Readers, filter)), StringComparison.Ordinal);
        Assert.Contains("n:FilterDialectRequestedUnavailable", await Service.CurlAsync(Soap.Enumerate(Notes, filter)), StringComparison.Ordinal);
    }

    private Task<string> SendAsync(string action, string uri, string body, params (string, string)[] keys) =>
        Service.CurlAsync(Soap.Message($"{Soap.Transfer}/{action}", uri, body, Soap.Selectors(keys)));

    private Task<string> InvokeAsync(string uri, string method, string headers = "", string body = "") => Service.CurlAsync(Soap.Message($"{uri}/{method}", uri, body, headers));

    private static string Note(string text) => $"<n1:Note xmlns:n1=\"{Notes}\"><n1:Text>{text}</n1:Text></n1:Note>";

    private static string Value(string answer, string name) => Regex.Match(answer, $"<{name}>([^<]*)</{name}>").Groups[1].Value;

    [GeneratedRegex("^cancelled$", RegexOptions.Multiline)]
    private static partial Regex CancelledLine();

    /// <summary>One service with all that these tests ask.</summary>
    public sealed class Registered : IAsyncLifetime
    {
        private AdministeredService? _service;

        internal AdministeredService Service => _service!;

        public async ValueTask InitializeAsync()
        {
            const string everybody = "O:NSG:BAD:P(A;;GA;;;WD)", administrators = "O:NSG:BAD:P(A;;GA;;;BA)";
            _service = await AdministeredService.StartAsync();
            var diary = Path.Combine(_service.State, "waiting");
            _service.Write("farwired.yaml", Registration.Yaml(
                Registration.Notebook(),
                Registration.Notebook("Narrow", $"<Resource ResourceUri=\"{Narrow}\"><Capability Type=\"Get\"/></Resource><Resource ResourceUri=\"{Narrow}wait\"><Capability Type=\"Invoke\"/></Resource>", more: $"<InitializationParameters><Param Name=\"Diary\" Value=\"{diary}\"/></InitializationParameters>"),
                Registration.Notebook(
                    "Readers",
                    $"<Resource ResourceUri=\"{Readers}\" ExactMatch=\"true\" SupportsOptions=\"true\"><Capability Type=\"Get\" SupportsFragment=\"true\"/><Capability Type=\"Create\"/><Capability Type=\"Invoke\"/><Capability Type=\"Enumerate\" SupportsFiltering=\"true\"/></Resource>",
                    more: "<InitializationParameters><Param Name=\"Shape\" Value=\"round\"/><Param Name=\"Depth\" Value=\"3\"/></InitializationParameters>").Replace("\"text\"", "\"XmlReader\"", StringComparison.Ordinal),
                Registration.Notebook(
                    "Guarded",
                    $"<Resource ResourceUri=\"{Guarded}\"><Security Uri=\"{Guarded}\" Sddl=\"{administrators}\"/><Security Uri=\"{Guarded}/open\" Sddl=\"{everybody}\"/>"
                    + $"<Security Uri=\"{Guarded}/open/shut\" Sddl=\"{administrators}\"/><Security Uri=\"{Guarded}/open/shut/exact\" ExactMatch=\"true\" Sddl=\"{everybody}\"/><Capability Type=\"Get\"/></Resource>")));
            await _service.RestartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (_service is not null)
            {
                await _service.DisposeAsync();
            }
        }
    }
}

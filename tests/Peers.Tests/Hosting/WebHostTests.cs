using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Plugins;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Hosting;

/// <summary>The service inside of a web application, asked by curl and pywinrm.</summary>
public sealed class WebHostTests
{
    private const string Notes = Registration.Notes;
    private const string Config = Soap.Microsoft + "/config";

    [Fact]
    [Trait("Feature", "HST-01")]
    [Trait("Feature", "HST-03")]
    public async Task It_answers_at_its_own_path_beside_the_site_with_the_limits_of_the_application_s_configuration()
    {
        await using var application = await WebApplication.StartAsync(
            null,
            "--WSMan:OperationsConfiguration:MaxEnvelopeSizeKB", "64",
            "--WSMan:PluginModules:OperationsPlugins:Plugin:0:Name", "Notebook",
            "--WSMan:PluginModules:OperationsPlugins:Plugin:0:Filename", Registration.Sample("NotebookPlugin"),
            "--WSMan:PluginModules:OperationsPlugins:Plugin:0:Resources:Resource:0:ResourceUri", Notes,
            "--WSMan:PluginModules:OperationsPlugins:Plugin:0:Resources:Resource:0:Capability:0:Type", "Invoke");

        Assert.Equal("the site itself", (await Commands.RunAsync("/usr/bin/curl", ["-s", application.Address + "/"])).Output);
        Assert.Equal(401, (await new Curl(application.Service, null).SendAsync(Describe)).Status);
        Assert.Equal(404, (await new Curl(application.Address + "/wsman", WebApplication.User).SendAsync(Describe)).Status);
        Assert.Equal("ann", Value(await application.Curl.SendAsync(Describe), "Caller"));
        Assert.Equal(413, (await application.Curl.SendAsync(Describe.Replace("</s:Header>", $"<!--{new string(' ', 64 * 1024)}--></s:Header>", StringComparison.Ordinal))).Status);

        // No resource is there by default: neither configuration nor CIM nor shells.
        foreach (var uri in new[] { Config, Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem", Soap.Microsoft + "/windows/shell/cmd" })
        {
            Assert.Equal("2150858752", (await application.Curl.SendAsync(Soap.Get(uri))).Code);
        }
    }

    [Fact]
    [Trait("Feature", "HST-01")]
    public async Task Without_a_word_of_configuration_the_documented_limits_hold()
    {
        await using var application = await WebApplication.StartAsync("");
        string Sized(int kilobytes) => Describe.Replace("</s:Header>", $"<!--{new string(' ', (kilobytes * 1024) - 1000)}--></s:Header>", StringComparison.Ordinal);

        Assert.Equal("2150858752", (await application.Curl.SendAsync(Sized(150))).Code);
        Assert.Equal(413, (await application.Curl.SendAsync(Sized(152))).Status);
        var shown = await application.Curl.SendAsync("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>");
        Assert.Contains("ProductVendor", shown.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ntlm")]
    [InlineData("spnego")]
    public async Task Negotiate_proves_users_and_seals_messages_on_connections_of_the_application(string mechanism)
    {
        await Python.NeedGssapiAsync(ntlm: true);
        var folder = Directory.CreateTempSubdirectory("farwire-web-users-").FullName;
        try
        {
            var file = Path.Combine(folder, "users");
            var added = await Commands.RunAsync(RunningService.Program("farwired"), ["user", "add", "ann", "--file", file, "--account", "root", "--nt-hash"], System.Text.Encoding.UTF8.GetBytes("Passw0rd!\n"));
            Assert.True(added.ExitCode == 0, added.Errors);
            await using var application = await WebApplication.StartAsync(WebApplication.Modules("", Plugin(Registration.Notebook())), "--WSManUsers", file);
            using var known = new UserFile("ann", "Passw0rd!");
            using var wrong = new UserFile("ann", "Passw0rd?");
            var at = new Uri(application.Service);
            var ask = new { host = at.Host, port = at.Port, path = at.AbsolutePath, mech = mechanism, scheme = "Negotiate", body = Describe, count = 50 };

            var answer = await Python.AskAsync(ask, known.Environment);

            Assert.Equal(50, answer.GetProperty("answers").GetInt32());
            Assert.Contains("<Caller>ann</Caller>", answer.GetProperty("last").GetString(), StringComparison.Ordinal);
            Assert.Equal(401, (await Python.AskAsync(ask, wrong.Environment)).GetProperty("status").GetInt32());
            Assert.Equal("the site itself", (await Commands.RunAsync("/usr/bin/curl", ["-s", application.Address + "/"])).Output);

            // In clear nobody is taken, known or not.
            var inClear = await Commands.RunAsync(
                "/usr/bin/curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--negotiate", "--ntlm", "-u", "ann:Passw0rd!", "-H", "Content-Type: application/soap+xml", "--data-binary", Describe, application.Service]);
            Assert.Equal("401", inClear.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    [Trait("Feature", "HST-04")]
    public async Task The_documented_section_loads_and_what_is_wrong_in_it_keeps_the_application_from_starting()
    {
        // The spellings of the portal's pages, the wrong ones too.
        var notebook = Plugin(Registration.Notebook()).Replace("SupportsOptions", "SupportOptions", StringComparison.Ordinal);
        await using (var application = await WebApplication.StartAsync($"<OperationConfiguration MaxEnvelopeSizeKB=\"200\"/><PlugInModules><OperationPlugins>{notebook}</OperationPlugins></PlugInModules>"))
        {
            Assert.Equal(200, (await application.Curl.SendAsync(Describe)).Status);
        }

        await RefusedAsync("<OperationsConfiguration MaxEnvelopeSizeKB=\"31\"/>", "MaxEnvelopeSizeKB is a number from 32 to 1039440, not '31'");
        await RefusedAsync("<OperationsConfiguration MaxOperationTimeoutSeconds=\"soon\"/>", "MaxOperationTimeoutSeconds is a number");
        await RefusedAsync("<OperationsConfiguration QuotaSystemWindowOperations=\"0\"/>", "QuotaSystemWindowOperations is a number");
        await RefusedAsync(WebApplication.Modules("", Plugin(Registration.Notebook()), Plugin(Registration.Notebook(resource: $"<Resource ResourceUri=\"{Notes}2\">{Registration.All}</Resource>"))), "Name 'Notebook' is there twice");
        await RefusedAsync(WebApplication.Modules("", Plugin(Registration.Notebook()), Plugin(Registration.Notebook("Other"))), $"ResourceUri '{Notes}' is there twice");
        await RefusedAsync(WebApplication.Modules("", Plugin(Registration.Notebook(resource: ""))), "Resource is missing");

        static async Task RefusedAsync(string section, string why)
        {
            var (output, code) = await WebApplication.FailAsync(section);
            Assert.NotEqual(0, code);
            Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(output, "^<[0-9]>[^\n]*" + Regex.Escape(why), RegexOptions.Multiline)); // log events begin with their level
        }
    }

    [Fact]
    [Trait("Feature", "HST-05")]
    public async Task The_longest_time_of_an_operation_overrides_what_the_envelope_asks_for()
    {
        await using var application = await WebApplication.StartAsync("<OperationsConfiguration MaxOperationTimeoutSeconds=\"1\"/>" + WebApplication.Modules("", Plugin(Registration.Notebook())));

        var waited = await application.Curl.SendAsync(Soap.Message(Notes + "/Wait", Notes, "", "<w:OperationTimeout>PT1H</w:OperationTimeout>"));

        Assert.Equal("2150858793", waited.Code);
    }

    [Fact]
    [Trait("Feature", "HST-05")]
    public async Task A_request_under_way_ends_under_the_answer_it_began_with_when_users_are_asked_for_anew()
    {
        await using var application = await WebApplication.StartAsync(
            "<OperationsConfiguration QuotaRefreshIntervalSeconds=\"1\"/>" + WebApplication.Modules(WebApplication.Gate(), Plugin(Registration.Notebook())));
        var file = Path.Combine(application.Folder, "go on");
        var pending = application.Curl.SendAsync(Soap.Message(Notes + "/WaitForFile", Notes, $"<file>{file}</file>"));
        await AdministeredService.UntilAsync(async () => (await application.DiaryAsync()).Contains($"ann (1) Invoke {Notes}"));

        await AdministeredService.UntilAsync(async () =>
        {
            await application.Curl.SendAsync(Describe);
            return (await application.DiaryAsync()).Contains($"ann (2) Invoke {Notes}");
        });
        Assert.DoesNotContain("released 1", await application.DiaryAsync());
        await File.WriteAllTextAsync(file, "");
        Assert.Equal(200, (await pending).Status);
        await AdministeredService.UntilAsync(async () => (await application.DiaryAsync()).Contains("released 1"));
    }

    [Fact]
    [Trait("Feature", "PLG-13")]
    [Trait("Feature", "PLG-17")]
    public async Task The_authorization_plug_in_decides_about_users_operations_and_quotas_and_sends_users_elsewhere()
    {
        await using var application = await WebApplication.StartAsync(WebApplication.Modules(
            WebApplication.Gate(("Forbidden", "ann Delete"), ("Moved", "bob"), ("MovedTo", "https://elsewhere.example.com:5986/wsman"), ("Operations", "1"), ("Shells", "1")),
            Plugin(Registration.Notebook()),
            Plugin(Registration.EchoShell())));

        Assert.Equal(200, (await application.Curl.SendAsync(Describe)).Status);
        Assert.Equal(200, (await application.Curl.SendAsync(Describe)).Status);
        Assert.Single(await application.DiaryAsync(), line => line.StartsWith("user ann", StringComparison.Ordinal)); // once, then remembered

        var denied = await application.Curl.SendAsync(Soap.Message(Soap.Transfer + "/Delete", Notes, "", Soap.Selectors(("Title", "x"))));
        Assert.Equal("5", denied.Code);
        Assert.Contains("provider=\"Gate\"", denied.Body, StringComparison.Ordinal);

        var moved = await new Curl(application.Service, WebApplication.Other).SendAsync(Describe);
        Assert.Equal("2150859161", moved.Code);
        Assert.Contains("https://elsewhere.example.com:5986/wsman", moved.Body, StringComparison.Ordinal);

        var file = Path.Combine(application.Folder, "go on");
        var first = application.Curl.SendAsync(Soap.Message(Notes + "/WaitForFile", Notes, $"<file>{file}</file>"));
        await AdministeredService.UntilAsync(async () => (await application.Curl.SendAsync(Describe)).Code == "2150859174");
        await File.WriteAllTextAsync(file, "");
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await application.Curl.SendAsync(Describe)).Status);

        const string shell = "<rsp:Shell xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\"><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>";
        var create = Soap.Message(Soap.Transfer + "/Create", Registration.Echo, shell);
        Assert.Equal(200, (await application.Curl.SendAsync(create)).Status);
        Assert.Equal("2150859173", (await application.Curl.SendAsync(create)).Code);

        await application.StopAsync();
        Assert.Contains("shutdown 3", await application.DiaryAsync());
    }

    [Fact]
    [Trait("Feature", "PLG-14")]
    public async Task Operations_over_the_limit_of_the_system_s_window_are_refused()
    {
        await using var application = await WebApplication.StartAsync(
            "<OperationsConfiguration QuotaSystemWindowSeconds=\"2\" QuotaSystemWindowOperations=\"3\"/>" + WebApplication.Modules("", Plugin(Registration.Notebook())));

        await AdministeredService.UntilAsync(async () => (await application.Curl.SendAsync(Describe)).Code == "2150859176");
        await AdministeredService.UntilAsync(async () => (await application.Curl.SendAsync(Describe)).Status == 200); // in the next window
    }

    [Fact]
    public async Task Shells_of_plug_ins_run_in_the_application()
    {
        await using var application = await WebApplication.StartAsync(WebApplication.Modules("", Plugin(Registration.EchoShell())));
        Commands.Need("/usr/bin/python3");
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "pywinrm_plugin_shell.py");

        var outcome = await Commands.RunAsync("/usr/bin/python3", [script, application.Service, "ann", "apple", Registration.Echo]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal("hello from afar\n0\n", outcome.Output);
    }

    private static string Describe => Soap.Message(Notes + "/Describe", Notes, "");

    private static string Plugin(string xml) => WebApplication.Plugin(xml);

    private static string Value(Answer answer, string name) => Regex.Match(answer.Body, $"<{name}>([^<]*)</{name}>").Groups[1].Value;
}

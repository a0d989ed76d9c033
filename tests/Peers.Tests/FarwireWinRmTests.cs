using System.Text.Json;
using System.Xml.Linq;

namespace Farwire.Peers.Tests;

/// <summary>The built tool against the built service, as two processes.</summary>
public sealed class FarwireWinRmTests(RunningService service)
{
    [Theory]
    [InlineData("get", "wmicimv2/Win32_OperatingSystem")]
    [InlineData("enumerate", "wmicimv2/Win32_LogicalDisk")]
    [Trait("Feature", "CLI-06")]
    public async Task Pretty_and_xml_are_XML_and_hold_the_same_data(string verb, string resource)
    {
        var pretty = XElement.Parse((await RunAsync(verb, resource, "-format:pretty")).Output);
        var xml = XElement.Parse((await RunAsync(verb, resource, "-format:xml")).Output);

        Assert.Equal(Names(xml), Names(pretty));
        if (verb == "enumerate")
        {
            Assert.Equal("Results", xml.Name.LocalName);
            Assert.NotEmpty(xml.Elements());
        }

        static IEnumerable<string> Names(XElement element) => element.DescendantsAndSelf().Select(e => e.Name.ToString());
    }

    [Fact]
    [Trait("Feature", "WMI-04")]
    public async Task Both_aliases_reach_the_same_class()
    {
        var wmi = XElement.Parse((await RunAsync("get", "wmicimv2/Win32_ComputerSystem?Name=" + Environment.MachineName, "-format:xml")).Output);
        var cim = XElement.Parse((await RunAsync("get", "cimv2/Win32_ComputerSystem?Name=" + Environment.MachineName, "-format:xml")).Output);

        Assert.NotEmpty(wmi.Elements());
        Assert.Equal(wmi.Elements().Select(e => (e.Name.LocalName, e.Value)), cim.Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Fact]
    public async Task A_query_gives_rows_that_ps_knows()
    {
        var outcome = await RunAsync("enumerate", "wmicimv2/*", "-dialect:wql", "-filter:select Name,ProcessId from Win32_Process where ProcessId = 1", "-o", "json");
        var process = JsonDocument.Parse(outcome.Output).RootElement;
        var name = process.GetProperty("Name").GetString()!;

        Assert.Equal(("Win32_Process", 1), (process.GetProperty("@class").GetString(), process.GetProperty("ProcessId").GetInt32()));

        Assert.StartsWith((await Commands.RunAsync("ps", ["-o", "comm=", "-p", "1"])).Output.Trim(), name, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CLI-12")]
    public async Task A_fault_has_the_layout_that_scripts_read()
    {
        var outcome = await RunAsync("get", "wmicimv2/Win32_Nothing");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("^WSManFault\n    Message\n        ProviderFault = There is no class .+\n\nError number:  -2144108544 0x80338000\n.+\\. There is no class .+\n$", outcome.Errors);
    }

    [Fact]
    [Trait("Feature", "CLI-12")]
    public async Task A_host_where_nobody_listens_is_Windows_own_number_with_what_to_do()
    {
        var outcome = await FarwireAsync("id", "-r:https://127.0.0.1:1");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches("^WSManFault\n    Message = https://127.0.0.1:1/wsman cannot be reached: .+\n\nError number:  -2144108526 0x80338012\n.+\nCheck host, port and firewall.+\n$", outcome.Errors);
    }

    [Fact]
    [Trait("Feature", "CLI-11")]
    public async Task Identify_asks_whom_it_is_told_to_with_a_user_or_without()
    {
        var nobody = await FarwireAsync("identify");
        var anonymous = await FarwireAsync("identify", "-r:" + service.Http, "-auth:none", "-unencrypted");
        var known = await RunAsync("ID");

        Assert.Equal(1, nobody.ExitCode);
        Assert.StartsWith("Error: identify asks a service: give -remote:HOST", nobody.Errors, StringComparison.Ordinal);
        Assert.Equal(
            "IdentifyResponse\n    ProtocolVersion = http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\n    ProductVendor = Farwire\n"
            + "    ProductVersion = OS: 0.0.0 SP: 0.0 Stack: 3.0\n\n",
            anonymous.Output);
        Assert.Matches("ProductVersion = OS: [1-9].* SP: 0.0 Stack: 3.0\n    SecurityProfiles\n        SecurityProfileName = .*/http/basic", known.Output);
    }

    [Fact]
    [Trait("Feature", "AUT-01")]
    public async Task Basic_goes_over_TLS_and_over_HTTP_only_when_clear_text_is_wanted()
    {
        string[] get = ["get", "wmicimv2/Win32_OperatingSystem", "-u:" + service.User, "-a:basic"];
        var tls = await WithPasswordAsync(service.Password, [.. get, "-r:" + service.Https, "--pin", service.CertificateSha256]);
        var clear = await WithPasswordAsync(service.Password, [.. get, "-r:" + service.Http, "-unencrypted"]);
        var refused = await WithPasswordAsync(service.Password, [.. get, "-r:" + service.Http]);
        var wrong = await WithPasswordAsync("wrong", [.. get, "-r:" + service.Https, "--pin", service.CertificateSha256]);

        Assert.Equal((0, 0, 1, 1), (tls.ExitCode, clear.ExitCode, refused.ExitCode, wrong.ExitCode));
        Assert.Contains("everyone on the way could read", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("Error number:  5 0x5", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_comes_from_a_file_the_environment_standard_input_or_the_command_line()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, service.Password + "\n");
        string[] get = ["get", "wmicimv2/Win32_OperatingSystem", "-u:" + service.User, "-r:" + service.Https, "--pin", service.CertificateSha256, "-o", "json"];
        var input = System.Text.Encoding.UTF8.GetBytes(service.Password + "\n");

        var fromFile = await FarwireAsync([.. get, "--password-file", file]);
        var fromEnvironment = await WithPasswordAsync(service.Password, get);
        var fromInput = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. get], input);
        var fromInputAsFile = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. get, "--password-file=-"], input);
        var fromCommandLine = await FarwireAsync([.. get, "-p:" + service.Password]);
        var fromNowhere = await FarwireAsync(get);
        File.Delete(file);

        Assert.All([fromFile, fromEnvironment, fromInput, fromInputAsFile, fromCommandLine], outcome => Assert.Equal(0, outcome.ExitCode));
        Assert.All([fromFile, fromEnvironment, fromInput, fromInputAsFile], outcome => Assert.Equal("", outcome.Errors));
        Assert.StartsWith("Warning: others on this machine can read", fromCommandLine.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Password, fromCommandLine.Errors, StringComparison.Ordinal);
        Assert.Contains("the password of farwire is missing", fromNowhere.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-11")]
    public async Task A_user_alone_is_asked_for_the_password_and_the_terminal_does_not_show_it()
    {
        string[] get = ["winrm", "get", "wmicimv2/Win32_OperatingSystem", "-u:" + service.User, "-r:" + service.Https, "--pin", service.CertificateSha256];

        var right = await OnTerminalAsync(service.Password, get);
        var interrupted = await OnTerminalAsync("^C", get);

        Assert.Equal(0, right.ExitCode);
        Assert.Contains($"Password of {service.User}: \r\n", right.Output, StringComparison.Ordinal);
        Assert.Contains("CSName = " + Environment.MachineName, right.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Password, right.Output, StringComparison.Ordinal);
        Assert.Equal(1, interrupted.ExitCode);
    }

    [Fact]
    public async Task Json_keeps_to_its_schema()
    {
        Commands.Need("/usr/lib/python3/dist-packages/jsonschema/__init__.py");
        var lines = new List<string>();
        foreach (var arguments in (string[][])[
            ["get", "wmicimv2/Win32_OperatingSystem"],
            ["enumerate", "wmicimv2/Win32_Process"],
            ["enumerate", "wmicimv2/Win32_LogicalDisk", "-returntype:epr"],
            ["enumerate", "wmicimv2/Win32_LogicalDisk", "-returntype:objectandepr"],
            ["enumerate", "wmicimv2/*", "-filter:select Name from Win32_Process where ProcessId = 1"],
            ["identify"],
            ["identify", "-r:" + service.Http, "-unencrypted"],
            ["get", "wmicimv2/Win32_Nothing"],
            ["get", "wmicimv2/Win32_Process?Handle=none"],
            ["identify", "-r:https://127.0.0.1:1"],
            ["identify", "-r:https://nowhere.invalid"],
        ])
        {
            var outcome = await (arguments.Any(a => a.StartsWith("-r:", StringComparison.Ordinal)) ? FarwireAsync([.. arguments, "-o", "json"]) : RunAsync([.. arguments, "-o", "json"]));
            var shown = outcome.ExitCode == 0 ? outcome.Output : outcome.Errors;
            Assert.Equal("", outcome.ExitCode == 0 ? outcome.Errors : outcome.Output);
            lines.AddRange(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.InRange(lines.Count, 11, int.MaxValue);
        var outcomes = await Commands.RunAsync(
            "/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "Peers", "json_schema.py"), Path.Combine(RunningService.Root, "docs", "json.schema.json")],
            System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.True(outcomes.ExitCode == 0, outcomes.Output + outcomes.Errors);
    }

    [Theory]
    [InlineData("5", "ERROR_ACCESS_DENIED")]
    [InlineData("0x5", "ERROR_ACCESS_DENIED")]
    [InlineData("0x803380FA", "2150859002")]
    [Trait("Feature", "CLI-13")]
    public async Task Helpmsg_explains_numbers(string number, string text)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "helpmsg", number]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(text, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linked_as_winrm_the_program_is_winrm()
    {
        var link = Path.Combine(Directory.CreateTempSubdirectory("farwire-link-").FullName, "winrm");
        File.CreateSymbolicLink(link, RunningService.Program("farwire"));

        var outcome = await Commands.RunAsync(link, ["id", "--connect", service.ConnectionFile]);
        Directory.Delete(Path.GetDirectoryName(link)!, recursive: true);

        Assert.StartsWith("IdentifyResponse\n", outcome.Output, StringComparison.Ordinal);
    }

    private Task<Outcome> RunAsync(params string[] arguments) => FarwireAsync([.. arguments, "--connect", service.ConnectionFile]);

    private static Task<Outcome> FarwireAsync(params string[] arguments) => Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. arguments]);

    private static Task<Outcome> WithPasswordAsync(string password, string[] arguments) =>
        Commands.RunAsync("env", ["FARWIRE_PASSWORD=" + password, RunningService.Program("farwire"), "winrm", .. arguments]);

    private static Task<Outcome> OnTerminalAsync(string secret, string[] arguments) => Commands.RunAsync(
        "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "prompt.py"), "Password of", secret, RunningService.Program("farwire"), .. arguments]);
}

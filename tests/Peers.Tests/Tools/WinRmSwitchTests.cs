using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Tools;

/// <summary>Verbs, switches and help topics of the built winrm under all their names.</summary>
public sealed partial class WinRmSwitchTests(RunningService service) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-switches-").FullName;

    [Fact]
    [Trait("Feature", "CLI-01")]
    public async Task Each_verb_works_under_each_of_its_names()
    {
        var port = LoopbackPort.Free();
        await using var own = await AdministeredService.StartAsync(("farwired.yaml", $"Service:\n  DefaultPorts: {{ HTTP: {port} }}\n  IPv4Filter: 127.0.0.1\n  IPv6Filter: \"\"\n"));
        foreach (var (verb, alias) in new[] { ("get", "g"), ("get", "G"), ("get", "GET"), ("enumerate", "e"), ("enumerate", "enum"), ("enumerate", "Enumerate") })
        {
            var shown = await own.AskAsync(alias, verb == "get" ? "winrm/config/winrs" : "winrm/config/resource");
            Assert.Matches(verb == "get" ? "^Winrs\n    AllowRemoteShellAccess = true\n" : "^Resource", shown);
        }

        var limit = 20;
        foreach (var alias in (string[])["set", "s", "put", "p", "SET"])
        {
            Assert.Contains($"MaxShellsPerUser = {++limit}\n", await own.AskAsync(alias, "winrm/config/winrs", $"@{{MaxShellsPerUser=\"{limit}\"}}"), StringComparison.Ordinal);
        }

        foreach (var (create, delete) in new[] { ("create", "delete"), ("c", "d"), ("C", "Delete") })
        {
            const string shell = "winrm/config/winrs/customremoteshell?URI=http://example.org/shell";
            Assert.StartsWith("ResourceCreated\n", await own.AskAsync(create, shell, "@{Shell=\"/bin/sh\"}"), StringComparison.Ordinal);
            Assert.Equal("", await own.AskAsync(delete, shell));
            Assert.Equal("", await own.AskAsync("e", "winrm/config/winrs/customremoteshell"));
        }

        foreach (var alias in (string[])["invoke", "i", "INVOKE"])
        {
            Assert.Matches("^[Rr]estore_OUTPUT", await own.AskAsync(alias, "restore", "winrm/config", "@{}"));
        }

        foreach (var alias in (string[])["identify", "id", "ID"])
        {
            var shown = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", alias, "-r:" + service.Http, "-auth:none", "-unencrypted"]);
            Assert.StartsWith("IdentifyResponse\n", shown.Output, StringComparison.Ordinal);
        }

        Assert.Contains($"HTTP://*:{port}", await own.AskAsync("quickconfig", "-q", "-force"), StringComparison.Ordinal);
        Assert.Contains($"HTTP://*:{port}", await own.AskAsync("qc", "-q", "-force"), StringComparison.Ordinal);
        Assert.Contains("ERROR_ACCESS_DENIED", await own.AskAsync("helpmsg", "5"), StringComparison.Ordinal);
        var unknown = await own.WinRmAsync("fetch", "winrm/config");
        Assert.Equal((1, ""), (unknown.ExitCode, unknown.Output));
        Assert.StartsWith("Error: 'fetch' is not a verb", unknown.Errors, StringComparison.Ordinal);
    }

    // Each name of each switch in a line that works with it; %… stand for what only a run knows.
    public static TheoryData<string, string> Lines => new()
    {
        { "remote r machine", "get wmicimv2/Win32_OperatingSystem {0}:%https --pin %pin -u:%user -a:basic" },
        { "username u", "get wmicimv2/Win32_OperatingSystem -r:%https --pin %pin {0}:%user -a:basic" },
        { "password p", "get wmicimv2/Win32_OperatingSystem -r:%https --pin %pin -u:%user {0}:%password -a:basic" },
        { "authentication auth a", "get wmicimv2/Win32_OperatingSystem -r:%https --pin %pin -u:%user {0}:basic" },
        { "authentication auth a", "identify -r:%https --pin %pin {0}:none" },
        { "authentication auth a", "get wmicimv2/Win32_OperatingSystem -r:%https --pin %pin -u:%user {0}:NEGOTIATE" },
        { "certificate c", "get wmicimv2/Win32_OperatingSystem -r:%https --pin %pin {0}:%pem" },
        { "usessl ssl", "identify -r:%authority {0} --pin %pin -a:none" },
        { "unencrypted un", "identify -r:%http -a:none {0}" },
        { "skipCAcheck", "identify -r:%https -a:none {0} -skipCNcheck" },
        { "skipCNcheck", "identify -r:%https -a:none {0} --ca %ca" },
        { "skipRevocationCheck", "identify -r:%https -a:none {0} --ca %ca" },
        { "SPNPort", "get wmicimv2/Win32_OperatingSystem -r:%https --pin %pin -u:%user -a:basic {0}" },
        { "encoding", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:utf-16" },
        { "timeout", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:30000" },
        { "proxyaccess pac", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:no_proxy" },
        { "proxyaccess pac", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:ie_settings" },
        { "proxyauthentication proxyauth pa", "get wmicimv2/Win32_OperatingSystem --connect %connect -pac:auto_detect {0}:negotiate" },
        { "proxyusername pu", "get wmicimv2/Win32_OperatingSystem --connect %connect -pac:winhttp_settings -pa:basic {0}:bob -pp:x" },
        { "proxypassword pp", "get wmicimv2/Win32_OperatingSystem --connect %connect -pac:ie_settings -pa:digest -pu:bob {0}:x" },
        { "format f", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:pretty" },
        { "file", "invoke GetOwner wmicimv2/Win32_Process?Handle=1 --connect %connect {0}:%file" },
        { "options", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:{}" },
        { "fragment", "get wmicimv2/Win32_OperatingSystem --connect %connect {0}:CSName" },
        { "dialect", "get wmicimv2/Win32_OperatingSystem --connect %connect -fragment:CSName {0}:http://www.w3.org/TR/1999/REC-xpath-19991116" },
        { "dialect", "enumerate wmicimv2/Win32_Process --connect %connect -filter:{Handle=\"1\"} {0}:selector" },
        { "filter", "enumerate wmicimv2/* --connect %connect {0}:select_*_from_Win32_Process_where_ProcessId=1" },
        { "associations", "enumerate wmicimv2/* --connect %connect -dialect:association -filter:{Object=Win32_ComputerSystem?Name=%machine} {0}" },
        { "returntype", "enumerate wmicimv2/Win32_OperatingSystem --connect %connect {0}:epr" },
        { "shallow", "enumerate wmicimv2/Win32_OperatingSystem --connect %connect {0}" },
        { "basepropertiesonly", "enumerate wmicimv2/CIM_Process --connect %connect {0}" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    [Trait("Feature", "CLI-02")]
    public async Task Each_switch_is_taken_under_each_of_its_names(string names, string line)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "input.xml"), "<p:GetOwner_INPUT xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Process\"/>");
        var at = new Uri(service.Https);
        foreach (var (turn, name) in names.Split(' ').Index())
        {
            // Both prefixes and both cases, in turn.
            foreach (var form in (string[])[(turn + line.Length) % 2 == 0 ? "-" + name : "/" + name.ToUpperInvariant()])
            {
                var words = line.Split(' ').Select(word => word.Replace("{0}", form, StringComparison.Ordinal).Replace("_", word.Contains("select_", StringComparison.Ordinal) ? " " : "_", StringComparison.Ordinal)
                    .Replace("Win32 ", "Win32_", StringComparison.Ordinal)
                    .Replace("%https", service.Https, StringComparison.Ordinal).Replace("%http", service.Http, StringComparison.Ordinal).Replace("%authority", at.Authority, StringComparison.Ordinal)
                    .Replace("%pin", service.CertificateSha256, StringComparison.Ordinal).Replace("%user", service.User, StringComparison.Ordinal).Replace("%password", service.Password, StringComparison.Ordinal)
                    .Replace("%connect", service.ConnectionFile, StringComparison.Ordinal).Replace("%file", Path.Combine(_folder, "input.xml"), StringComparison.Ordinal)
                    .Replace("%pem", Beside("client.pem"), StringComparison.Ordinal).Replace("%ca", Beside("certificate.pem"), StringComparison.Ordinal)
                    .Replace("%machine", Environment.MachineName, StringComparison.Ordinal)).ToArray();
                var outcome = await Commands.RunAsync("env", ["FARWIRE_PASSWORD=" + service.Password, RunningService.Program("farwire"), "winrm", .. words]);

                Assert.True(outcome.ExitCode == 0 && outcome.Output.Length > 0, $"{form}: {outcome.Errors}");
            }
        }
    }

    [Theory]
    [InlineData("get winrm/config -nonsense", "-nonsense is not a switch of this command.")]
    [InlineData("get winrm/config -remote", "-remote needs a value")]
    [InlineData("get winrm/config -remote:", "-remote: needs a value")]
    [InlineData("get winrm/config -r:a -machine:b", "-machine:b is given twice.")]
    [InlineData("get winrm/config -usessl:yes", "-usessl:yes takes no value.")]
    [InlineData("get winrm/config -r:http://a -usessl", "-usessl goes with a host without http")]
    [InlineData("get winrm/config -r:a -skipCAcheck -u:x -p:y", "-skipcacheck is about a certificate")]
    [InlineData("get winrm/config -r:a -auth:love", "is none of none, basic")]
    [InlineData("get winrm/config -r:127.0.0.1 -encoding:latin1 -un", "-encoding is utf-8 or utf-16")]
    [InlineData("get winrm/config -r:127.0.0.1 -timeout:soon -un", "-timeout is a number of milliseconds")]
    [InlineData("get winrm/config -format:html", "is not a format")]
    [InlineData("get winrm/config -r:127.0.0.1 -un -pa:basic", "-proxyauthentication needs -proxyaccess")]
    [InlineData("get winrm/config -r:127.0.0.1 -un -pu:bob", "need -proxyauthentication")]
    [InlineData("get winrm/config -quiet", "-quiet is not a switch of get")]
    [InlineData("get winrm/config -formt:xml", "Did you mean -format?")]
    [InlineData("enumerate winrm/config -returntype:all", "-returntype is object, epr or objectandepr")]
    [InlineData("identify -r:[::1", "is not of the form")]
    [Trait("Feature", "CLI-02")]
    public async Task A_switch_that_is_wrong_is_named_and_the_code_is_1(string line, string problem)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. line.Split(' ')]);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("Error: ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(problem, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CLI-16")]
    public async Task Each_topic_and_each_verb_is_explained_with_an_example_that_is_understood()
    {
        string[] topics =
        [
            "get", "set", "create", "delete", "enumerate", "invoke", "identify", "quickconfig", "configsddl", "helpmsg",
            "uris", "aliases", "alias", "config", "certmapping", "customremoteshell", "remoting", "auth", "input", "filters", "switches", "proxy",
        ];
        var pages = new List<string>();
        foreach (var topic in topics)
        {
            var page = await HelpAsync("help", topic);
            Assert.Matches("\nExamples?\n", page);
            pages.Add(page);
        }

        Assert.Equal(topics.Length - 1, pages.Distinct().Count()); // alias is aliases
        foreach (var verb in topics.Take(10))
        {
            Assert.All([await HelpAsync(verb, "-?"), await HelpAsync(verb, "/?")], page => Assert.Equal(pages[Array.IndexOf(topics, verb)], page));
        }

        var overview = await HelpAsync("-?");
        Assert.All([await HelpAsync("/?"), await HelpAsync("help")], page => Assert.Equal(overview, page));
        Assert.All(topics.Skip(10).Where(topic => topic != "alias"), topic => Assert.Contains(topic, overview, StringComparison.Ordinal));
        Assert.Equal(1, (await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "help", "love"])).ExitCode);

        // What the pages tell to type is at least understood: nothing of it is called wrong.
        foreach (var example in pages.SelectMany(page => Examples().Matches(page).Select(match => match.Groups[1].Value)).Distinct())
        {
            var line = AfterComment().Replace(example, "").Replace("winrm ", $"'{RunningService.Program("farwire")}' winrm ", StringComparison.Ordinal).Replace("connection.json", service.ConnectionFile, StringComparison.Ordinal);
            line = Host().Replace(line, "127.0.0.1:1");
            var script = $"cd '{_folder}'; echo '<a/>' > listener.xml; export FARWIRE_PASSWORD=x FARWIRE_PROXY_PASSWORD=x FARWIRE_SOCKET=/nowhere; {line} < /dev/null";
            var outcome = await Commands.RunAsync("/bin/bash", ["-c", script]);
            Assert.False(outcome.Errors.Contains("Error: ", StringComparison.Ordinal) && !outcome.Errors.Contains("ann.pem", StringComparison.Ordinal) && !outcome.Errors.Contains("the service does not run", StringComparison.Ordinal), $"{example}: {outcome.Errors}");
        }
    }

    [Fact]
    [Trait("Feature", "CLI-18")]
    public async Task Shells_are_listed_and_one_is_shown_by_its_id()
    {
        using var winrs = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(RunningService.Program("farwire"), ["winrs", "--connect", service.ConnectionFile, "echo ready; cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await winrs.StandardOutput.ReadLineAsync());

        var listed = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "enumerate", "shell", "--connect", service.ConnectionFile]);
        var ids = ShellId().Matches(listed.Output).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(ids);
        Outcome? one = null;
        foreach (var id in ids)
        {
            one = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "get", "shell?ShellId=" + id, "--connect", service.ConnectionFile]);
        }

        winrs.StandardInput.Close();
        await winrs.WaitForExitAsync();

        Assert.Equal(0, one!.ExitCode);
        Assert.Matches(
            "^Shell\n    ShellId = [0-9A-F-]{36}\n    ResourceUri = http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd\n    Owner = .+\n    ClientIP = .+\n    ProcessId = [0-9]+\n|^Shell\n    ShellId = [0-9A-F-]{36}\n",
            one.Output);
        Assert.Matches("\n    IdleTimeOut = PT[0-9.]+S\n    InputStreams = stdin\n    OutputStreams = stdout stderr\n(.|\n)*    ShellRunTime = P0DT[0-9]+H[0-9]+M[0-9]+S\n    ShellInactivity = P0DT", one.Output);
    }

    [Fact]
    [Trait("Feature", "CLI-02")]
    public async Task The_callers_own_tickets_are_asked_for_by_defaultCreds_and_quickconfig_has_switches_of_its_own()
    {
        var nobody = await Commands.RunAsync("env", ["KRB5CCNAME=/nowhere", RunningService.Program("farwire"), "winrm", "identify", "-r:" + service.Https, "--pin", service.CertificateSha256, "/DEFAULTCREDS"]);
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("by Negotiate: without user and password there is Kerberos alone", nobody.Errors, StringComparison.Ordinal);

        await using var own = await AdministeredService.StartAsync(("farwired.yaml", $"Service:\n  DefaultPorts: {{ HTTP: {LoopbackPort.Free()} }}\n  IPv4Filter: 127.0.0.1\n  IPv6Filter: \"\"\n"));
        foreach (var line in (string[])["-quiet -force", "/Q /FORCE", "-q -force -transport:http"])
        {
            Assert.Contains("HTTP://*", await own.AskAsync(["quickconfig", .. line.Split(' ')]), StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> HelpAsync(params string[] words)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", .. words]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        return outcome.Output;
    }

    private string Beside(string name) => Path.Combine(Path.GetDirectoryName(service.ConnectionFile)!, name);

    [GeneratedRegex("^  +(winrm (?:get|set|create|delete|enumerate|e|invoke|identify|quickconfig|qc|configsddl|helpmsg) .+)$", RegexOptions.Multiline)]
    private static partial Regex Examples();

    [GeneratedRegex(" {3,}everything.*$")]
    private static partial Regex AfterComment();

    [GeneratedRegex(@"(?<=-r:https://|/remote:https://)(box|\[2001:db8::1\]):5986|(?<=-r:)box(\.example\.org)?(?= )|(?<=-r:)box(\.example\.org)?$")]
    private static partial Regex Host();

    [GeneratedRegex("ShellId = (.+)")]
    private static partial Regex ShellId();
}

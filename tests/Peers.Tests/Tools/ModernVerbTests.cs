using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Tools;

/// <summary>The small verbs of farwire, and the forms of output, read back by programs of others.</summary>
public sealed class ModernVerbTests(RunningService service) : IDisposable
{
    private const string Query = "select Name,ProcessId from Win32_Process where ProcessId < 5";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-verbs-").FullName;

    [Fact]
    [Trait("Peer", "Python")]
    public async Task Every_form_holds_the_same_rows()
    {
        Commands.Need("/usr/bin/python3");
        var lines = (await CimAsync("jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = lines.Select(line => JsonDocument.Parse(line).RootElement).Select(row => (row.GetProperty("Name").GetString(), row.GetProperty("ProcessId").GetInt32())).ToList();

        var csv = await PythonAsync("import csv,json,sys; print(json.dumps([[r['Name'], int(r['ProcessId'])] for r in csv.DictReader(sys.stdin)]))", await CimAsync("csv"));
        var xml = XElement.Parse(await CimAsync("xml")).Elements().Select(row => (row.Elements().First(e => e.Name.LocalName == "Name").Value, int.Parse(row.Elements().First(e => e.Name.LocalName == "ProcessId").Value, CultureInfo.InvariantCulture))).ToList();
        var table = (await CimAsync("table")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(rows.Count > 1);
        Assert.Equal(rows, Rows(csv));
        Assert.Equal(rows, xml.Select(row => ((string?)row.Item1, row.Item2)));
        Assert.Matches("^NAME +PROCESSID$", table[0]);
        Assert.Equal(rows.Select(row => $"{row.Item1} {row.Item2}"), table.Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        if (File.Exists("/usr/lib/python3/dist-packages/yaml/__init__.py"))
        {
            Assert.Equal(rows, Rows(await PythonAsync("import yaml,json,sys; print(json.dumps([[r['Name'], r['ProcessId']] for r in yaml.safe_load(sys.stdin)]))", await CimAsync("yaml"))));
            var whole = await Commands.RunAsync(RunningService.Program("farwire"), ["cim", "get", "Win32_OperatingSystem", "--connect", service.ConnectionFile, "-o", "yaml"]);
            Assert.Contains($"\"{Environment.MachineName}\"", await PythonAsync("import yaml,json,sys; print(json.dumps(yaml.safe_load(sys.stdin)['CSName']))", whole.Output), StringComparison.Ordinal);
        }

        static List<(string?, int)> Rows(string json) => [.. JsonDocument.Parse(json).RootElement.EnumerateArray().Select(row => (row[0].GetString(), row[1].GetInt32()))];
    }

    [Fact]
    public async Task Services_are_identified_one_or_many()
    {
        var one = await FarwireAsync("identify", "-H", service.Https, "--pin", service.CertificateSha256);
        var many = await FarwireAsync("identify", "-H", service.Https + ",https://127.0.0.1:1", "--pin", service.CertificateSha256, "-o", "json");

        Assert.StartsWith("IdentifyResponse\n", one.Output, StringComparison.Ordinal);
        Assert.Equal((1, "Farwire"), (many.ExitCode, JsonDocument.Parse(many.Output).RootElement.GetProperty("ProductVendor").GetString()));
        Assert.Equal("0x80338012", JsonDocument.Parse(many.Errors).RootElement.GetProperty("fault").GetProperty("hex").GetString());
    }

    [Fact]
    public async Task Settings_are_shown_changed_and_listed()
    {
        await using var own = await AdministeredService.StartAsync();
        await own.ListenAsync();

        var planned = await HereAsync("config", "set", "winrs", "maxshellsperuser=17", "--dry-run");
        var before = await HereAsync("config", "show", "winrs", "-o", "json");
        var changed = await HereAsync("config", "set", "winrs", "MaxShellsPerUser=17");
        var after = await HereAsync("config", "show");
        var listeners = await HereAsync("config", "list", "listeners", "-o", "csv");
        var wrong = await HereAsync("config", "set", "winrs", "Colour=red");

        Assert.Equal("winrs MaxShellsPerUser: 2147483647 -> 17\n", planned.Output);
        Assert.Equal("2147483647", JsonDocument.Parse(before.Output).RootElement.GetProperty("MaxShellsPerUser").GetString());
        Assert.Contains("MaxShellsPerUser = 17\n", changed.Output, StringComparison.Ordinal);
        Assert.Contains("MaxShellsPerUser = 17\n", after.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^@class,Address,.*,Transport(,|$)", listeners.Output);
        Assert.Matches("(?m),IP:127[.]0[.]0[.]1,.*,HTTP(,|$)", listeners.Output);
        Assert.Equal(64, wrong.ExitCode);
        Assert.Contains("has no setting 'Colour'; it has AllowRemoteShellAccess", wrong.Errors, StringComparison.Ordinal);

        Task<Outcome> HereAsync(params string[] words) => Commands.RunAsync("env", ["FARWIRE_SOCKET=" + own.Socket, RunningService.Program("farwire"), .. words]);
    }

    [Fact]
    [Trait("Peer", "OpenSSL")]
    public async Task A_certificate_is_shown_pinned_and_asked_for()
    {
        Commands.Need("/usr/bin/openssl");
        string[] home = ["XDG_CONFIG_HOME=" + _folder];
        var shown = JsonDocument.Parse((await FarwireAsync("cert", "show", service.Https, "-o", "json")).Output).RootElement;
        var pinned = await Commands.RunAsync("env", [.. home, RunningService.Program("farwire"), "cert", "pin", service.Https]);
        var trusted = await Commands.RunAsync("env", [.. home, RunningService.Program("farwire"), "identify", "-H", service.Https]);
        var unpinned = await FarwireAsync("identify", "-H", service.Https);
        var file = Path.Combine(_folder, "web");
        var asked = await FarwireAsync("cert", "request", "web1.example.org", "10.1.2.3", "--out", file);
        var again = await FarwireAsync("cert", "request", "web1.example.org", "--out", file);
        var read = await Commands.RunAsync("/usr/bin/openssl", ["req", "-in", file + ".csr", "-noout", "-text", "-verify"]);
        var plain = await FarwireAsync("cert", "show", service.Http);

        Assert.Equal(service.CertificateSha256, shown.GetProperty("sha256").GetString());
        Assert.Equal(0, pinned.ExitCode);
        Assert.Equal((0, 69), (trusted.ExitCode, unpinned.ExitCode));
        Assert.Equal($"{file}.key\n{file}.csr\n", asked.Output);
        Assert.Contains("DNS:web1.example.org, IP Address:10.1.2.3", read.Output, StringComparison.Ordinal);
        Assert.Contains("TLS Web Server Authentication", read.Output, StringComparison.Ordinal);
        Assert.Equal("600\n", (await Commands.RunAsync("stat", ["-c", "%a", file + ".key"])).Output);
        Assert.NotEqual(0, again.ExitCode); // a key is never written over
        Assert.Equal(69, plain.ExitCode);
    }

    [Fact]
    public async Task A_computer_that_starts_anew_is_back_when_it_is_up_since_another_time()
    {
        var asked = 0;
        var rebooted = false;
        using var peer = new RecordingPeer(request =>
        {
            const string system = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem";
            if (request.Header("Action").EndsWith("/Reboot", StringComparison.Ordinal))
            {
                rebooted = true;
                return $"<p:Reboot_OUTPUT xmlns:p=\"{system}\"><p:ReturnValue>0</p:ReturnValue></p:Reboot_OUTPUT>";
            }

            // After the restart it answers once as before, then it is down, then it is new.
            asked += rebooted ? 1 : 0;
            return asked == 2
                ? "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en-US\">starting</s:Text></s:Reason></s:Fault>"
                : $"<p:Win32_OperatingSystem xmlns:p=\"{system}\"><p:LastBootUpTime>{(asked < 3 ? "2026-01-01T00:00:00Z" : "2026-01-02T00:00:00Z")}</p:LastBootUpTime></p:Win32_OperatingSystem>";
        });

        var outcome = await Commands.RunAsync(
            "env", ["FARWIRE_PASSWORD=x", RunningService.Program("farwire"), "reboot", $"http://127.0.0.1:{peer.Port}", "--wait", "--deadline", "60", "-u", "ann", "--auth", "basic", "--unencrypted"]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.EndsWith("127.0.0.1 is back, up since 2026-01-02T00:00:00Z.\n", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task The_script_for_Windows_has_what_it_was_told_and_refuses_what_would_break_it()
    {
        var script = (await FarwireAsync("bootstrap", "--name", "web1.example.org", "--name", "web1", "--from", "10.0.0.0/8,192.0.2.1", "--port", "5999", "--local-admins")).Output;

        Assert.Contains("$names = @('web1.example.org', 'web1') | Select-Object -Unique\n$port = 5999\n$from = @('10.0.0.0/8', '192.0.2.1')\n", script, StringComparison.Ordinal);
        Assert.Contains("$localAdministrators = $true\n", script, StringComparison.Ordinal);
        foreach (var step in (string[])["Set-Service -Name WinRM", "New-SelfSignedCertificate", "-Transport HTTPS", "New-NetFirewallRule", "LocalAccountTokenFilterPolicy"])
        {
            Assert.Contains(step, script, StringComparison.Ordinal);
        }

        foreach (var (open, close) in new[] { ('{', '}'), ('(', ')'), ('[', ']') })
        {
            Assert.Equal(script.Count(c => c == open), script.Count(c => c == close));
        }

        Assert.DoesNotContain("Basic", script, StringComparison.Ordinal);
        Assert.Equal(64, (await FarwireAsync("bootstrap", "--name", "x'; Remove-Item C:\\ #")).ExitCode);
        Assert.Equal(64, (await FarwireAsync("bootstrap", "--from", "everywhere")).ExitCode);
        Assert.Equal(64, (await FarwireAsync("bootstrap", "--thumbprint", "'")).ExitCode);
    }

    [Theory]
    [InlineData("0x80338012", "WSMan 2150858770 = -2144108526 = 0x80338012  ERROR_WSMAN_DESTINATION_UNREACHABLE")]
    [InlineData("-2144108183", "WSMan 2150859113 = -2144108183 = 0x80338169  ERROR_WSMAN_PUBLIC_FIREWALL_PROFILE_ACTIVE")]
    [InlineData("5", "Win32 5  ERROR_ACCESS_DENIED")]
    [InlineData("0x80070005", "Win32 5  ERROR_ACCESS_DENIED")]
    [InlineData("0x80041010", "WMI 2147749904 = -2147217392 = 0x80041010  WBEM_E_INVALID_CLASS")]
    [InlineData("http:401", "HTTP 401  Unauthorized")]
    [InlineData("kerberos:7", "Kerberos 7  KDC_ERR_S_PRINCIPAL_UNKNOWN")]
    [InlineData("KRB_AP_ERR_SKEW", "Kerberos 37  KRB_AP_ERR_SKEW")]
    [InlineData("quota_max_shells", "WSMan 2150859173 = -2144108123 = 0x803381A5  ERROR_WSMAN_QUOTA_MAX_SHELLS")]
    public async Task A_code_is_explained_however_it_is_written(string code, string headline)
    {
        var outcome = await FarwireAsync("explain", code);

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith(headline + "\n    ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("What helps:", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_fault_is_explained_from_its_innermost_code()
    {
        const string fault = """
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858755"><f:Message><f:ProviderFault><f:WSManFault Code="2147749904"/></f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>
            """;
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["explain", "-o", "json"], Encoding.UTF8.GetBytes(fault));
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("symbol").GetString());
        var broken = await Commands.RunAsync(RunningService.Program("farwire"), ["explain"], "<!DOCTYPE a><a/>"u8.ToArray());
        var unknown = await FarwireAsync("explain", "love");

        Assert.Equal(["WBEM_E_INVALID_CLASS", "ERROR_WSMAN_PROVIDER_FAILURE"], lines);
        Assert.Equal((64, 64), (broken.ExitCode, unknown.ExitCode));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("doctor")]
    [InlineData("wait")]
    [InlineData("explain")]
    [InlineData("identify")]
    [InlineData("config")]
    [InlineData("reboot")]
    [InlineData("cert")]
    [InlineData("bootstrap")]
    [InlineData("profile")]
    [InlineData("cim")]
    [InlineData("events")]
    [InlineData("bmc")]
    public async Task Each_verb_explains_itself_with_examples_and_has_a_page(string verb)
    {
        var help = await FarwireAsync(verb, "--help");
        var page = await FarwireAsync("man", "farwire-" + verb);
        var overview = await FarwireAsync("--help");

        Assert.Equal((0, ""), (help.ExitCode, help.Errors));
        Assert.Contains("Example", help.Output, StringComparison.Ordinal);
        Assert.StartsWith(".TH FARWIRE-" + verb.ToUpperInvariant(), page.Output, StringComparison.Ordinal);
        Assert.Contains($"farwire {verb} ", overview.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> CimAsync(string form)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["cim", "query", Query, "--connect", service.ConnectionFile, "-o", form]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }

    private static async Task<string> PythonAsync(string program, string input)
    {
        var outcome = await Commands.RunAsync("/usr/bin/python3", ["-c", program], Encoding.UTF8.GetBytes(input));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }

    private static Task<Outcome> FarwireAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), words);
}

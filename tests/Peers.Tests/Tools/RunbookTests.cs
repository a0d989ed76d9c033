using System.Text;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Plugins;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Tools;

/// <summary>
/// Every line with winrm and wecutil in the WinRM and WEC documentation, pasted into bash as the page prints it. A line works, or one line says what is
/// wrong and shows the form that works. What the pages leave open stands between angle brackets there, and is filled in here.
/// </summary>
public sealed class RunbookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-runbook-").FullName;

    // In order: a line needs those above it.
    private const string WinRm = """
        winrm /?
        winrm enumerate winrm/config/listener
        winrm get winrm/config
        winrm help config
        winrm help certmapping
        winrm help aliases
        winrm help uris
        winrm enumerate -?
        winrm get -?
        winrm helpmsg 5
        winrm set winrm/config/client '@{TrustedHosts ="[0:0:0:0:0:0:0:0]"}'
        winrm set winrm/config/client/auth @{Digest="false"}
        winrm set winrm/config/client/auth @{CredSSP="true"}
        winrm set winrm/config/service/auth @{Kerberos="true"}
        winrm set winrm/config/service/auth @{CredSSP="true"}
        winrm set winrm/config/service/auth '@{Certificate="true"}'
        winrm set winrm/config/winrs '@{MaxShellsPerUser="7"}'
        winrm enumerate wmicimv2/* -dialect:association -associations -filter:{object=win32_service?name=winrm;resultclassname=win32_dependentservice;role=dependent}
        winrm enumerate wmicimv2/* -dialect:association -filter:{object=win32_service?name=winrm;associationclassname=win32_dependentservice;resultclassname=win32_service;resultrole=antecedent;role=dependent}
        winrm enumerate winrm/config/plugin -format:pretty
        winrm create http://schemas.microsoft.com/wbem/wsman/1/config/plugin?name=MyPlugIn -file:myplugin.xml
        winrm configSDDL http://schemas.microsoft.com/wbem/wsman/1/wmi/ WmiNamespace
        winrm qc -q
        winrm quickconfig
        winrm quickconfig -transport:https
        winrm e winrm/config/listener
        winrm delete winrm/config/Listener?Address=*+Transport=HTTPS
        winrm create winrm/config/Listener?Address=*+Transport=HTTPS '@{Hostname="<FQDN>";CertificateThumbprint="<THUMBPRINT>"}'
        winrm create winrm/config/service/certmapping?Issuer=<ISSUER>+Subject=*+URI=* '@{UserName="<USER>";Password="<PASSWORD>"}' -remote:localhost
        winrm enum winrm/config/service/certmapping
        winrm enumerate shell
        winrm get shell?ShellId=0A6E6A01-8AB2-4037-86CC-BFC826A1244E
        """;

    private const string WecUtil = """
        wecutil /?
        wecutil qc /q
        wecutil es
        wecutil cs wsmanselrg.xml
        wecutil gr wsmanselrg
        wecutil gs wsmanselrg
        wecutil cs collector.xml
        wecutil ss Runbook /esa:Source1 /aes /ese
        wecutil gs Runbook
        wecutil gr Runbook
        wecutil rs Runbook
        wecutil ss Runbook /esa:Source1 /res
        wecutil ds Runbook
        wecutil ds wsmanselrg
        """;

    // Lines that bash cuts in pieces, and those that ask for what a machine does not have: one line says so.
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["-filter:{object=win32_service?name=winrm;"] = "^Error: .+ in bash and zsh put all of it in single quotes: '{object=win32_service\\?name=winrm;…}'\\.\n",
        ["winrm get shell?ShellId=0A6E6A01"] = "Error number: ",
    };

    [Fact]
    [Trait("Feature", "CLI-19")]
    public async Task Lines_with_winrm_work_as_the_pages_print_them()
    {
        using var chain = new AuthorityChain();
        var (http, https) = (LoopbackPort.Free(), LoopbackPort.Free());
        await using var service = await AdministeredService.StartAsync(
            ("authorities/root.pem", chain.RootPem),
            ("farwired.yaml", $"Service:\n  DefaultPorts: {{ HTTP: {http}, HTTPS: {https} }}\n  IPv4Filter: 127.0.0.1\n  IPv6Filter: \"\"\n"));
        using var certificate = CannedServer.Certificate(Environment.MachineName, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        service.Write("certificates/own.pem", certificate.ExportCertificatePem() + "\n");
        using (var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!)
        {
            service.Write("certificates/own.key", key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "myplugin.xml"), Registration.Notebook("MyPlugIn"));
        await TypeAsync(WinRm, "winrm", line => line
            .Replace("<FQDN>", Environment.MachineName, StringComparison.Ordinal).Replace("<THUMBPRINT>", certificate.Thumbprint, StringComparison.Ordinal)
            .Replace("<ISSUER>", chain.IssuerThumbprint, StringComparison.Ordinal).Replace("<USER>", "ann", StringComparison.Ordinal).Replace("<PASSWORD>", AdministeredService.Password, StringComparison.Ordinal)
            .Replace("-remote:localhost", $"-remote:https://localhost:{https} -u:ann -a:basic --pin {Convert.ToHexStringLower(certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256))}", StringComparison.Ordinal),
            $"export FARWIRE_SOCKET='{service.Socket}' FARWIRE_PASSWORD='{AdministeredService.Password}'",
            before: line => line.Contains("-remote:", StringComparison.Ordinal) ? service.AskAsync("set", "winrm/config/service/auth", "@{Basic=\"true\"}") : Task.CompletedTask);
    }

    [Fact]
    [Trait("Feature", "CLI-19")]
    public async Task Lines_with_wecutil_work_as_the_pages_print_them()
    {
        var documented = Path.Combine(RunningService.Root, "tests", "Events.Tests", "Fixtures", "subscriptions", "documented");
        File.Copy(Directory.GetFiles(documented).First(file => File.ReadAllText(file).Contains("wsmanSELrg", StringComparison.OrdinalIgnoreCase)), Path.Combine(_folder, "wsmanselrg.xml"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "collector.xml"),
            "<Subscription xmlns=\"http://schemas.microsoft.com/2006/03/windows/events/subscription\"><SubscriptionId>Runbook</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType>"
            + "<Enabled>false</Enabled><Uri>http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog</Uri><ConfigurationMode>Normal</ConfigurationMode>"
            + "<Query><![CDATA[<QueryList><Query Path=\"Security\"><Select>*</Select></Query></QueryList>]]></Query></Subscription>");
        await using var collector = new RunningService(); // the names on the page are taken by other tests of the shared one
        await collector.InitializeAsync();
        await TypeAsync(WecUtil, "wecutil", line => line + $" --connect '{collector.ConnectionFile}'", "");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The line itself is what bash reads; only the name of the program leads to the built one.
    private async Task TypeAsync(string lines, string program, Func<string, string> fill, string environment, Func<string, Task>? before = null)
    {
        File.CreateSymbolicLink(Path.Combine(_folder, program), RunningService.Program("farwire"));
        var wrong = new StringBuilder();
        foreach (var line in lines.Split('\n'))
        {
            await (before?.Invoke(line) ?? Task.CompletedTask);

            // -force leaves the firewall of the machine under test alone; who reads a page says yes.
            var typed = fill(line) + (line.Contains(" qc", StringComparison.Ordinal) || line.Contains("quickconfig", StringComparison.Ordinal) ? program == "winrm" ? " -force" : "" : "");
            var outcome = await Commands.RunAsync("/bin/bash", ["-c", $"cd '{_folder}'; PATH='{_folder}':$PATH; {environment}\n{typed}\n"], "y\n"u8.ToArray());
            var refusal = Refused.FirstOrDefault(r => line.Contains(r.Key, StringComparison.Ordinal)).Value;
            var own = string.Join('\n', outcome.Errors.Split('\n').Where(text => !text.StartsWith("/bin/bash:", StringComparison.Ordinal)));
            var isFine = refusal is null
                ? outcome.ExitCode == 0
                : System.Text.RegularExpressions.Regex.IsMatch(own, refusal);
            if (!isFine)
            {
                wrong.AppendLine($"{line}\n  {outcome.ExitCode} {outcome.Errors}{outcome.Output}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }
}

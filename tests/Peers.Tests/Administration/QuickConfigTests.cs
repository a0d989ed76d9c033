using System.Globalization;
using System.Text;

namespace Farwire.Peers.Tests.Administration;

/// <summary>From a service that nobody can reach to one that answers curl.</summary>
public sealed class QuickConfigTests
{
    [Fact]
    public async Task Quickconfig_lists_asks_and_makes_what_is_missing()
    {
        var port = LoopbackPort.Free();
        await using var service = await AdministeredService.StartAsync(Loopback("HTTP", port));

        var listed = await service.AskAsync("quickconfig", "-force", "--dry-run");
        Assert.Contains("Create a WinRM listener on HTTP://*", listed, StringComparison.Ordinal);
        Assert.Equal("", await service.AskAsync("e", "winrm/config/listener"));

        var declined = await Commands.RunAsync("env", [$"FARWIRE_SOCKET={service.Socket}", RunningService.Program("farwire"), "winrm", "quickconfig"], Encoding.UTF8.GetBytes("n\n"));
        Assert.Contains("Make these changes [y/n]? ", declined.Output, StringComparison.Ordinal);
        Assert.Equal("", await service.AskAsync("e", "winrm/config/listener"));

        Assert.Contains($"it listens at HTTP://*:{port.ToString(CultureInfo.InvariantCulture)}.", await service.AskAsync("qc", "-q", "-force"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401", (await Commands.RunAsync("/usr/bin/curl", ["-si", "-X", "POST", $"http://127.0.0.1:{port}/wsman"])).Output, StringComparison.Ordinal);
        Assert.Contains("is set up already", await service.AskAsync("qc", "-q", "-force"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CLI-14")]
    public async Task Quickconfig_checks_lists_asks_applies_and_verifies_through_a_real_firewall_and_for_https_too()
    {
        Commands.Need("/usr/sbin/nft");
        Commands.Need("/usr/bin/curl");
        await using var service = await AdministeredService.StartIsolatedAsync();
        var rules = await service.InsideAsync("nft", "add table inet filter; add chain inet filter input { type filter hook input priority 0; policy accept; }; add rule inet filter input tcp dport 22 accept; add rule inet filter input tcp flags & (syn | ack) == syn reject with tcp reset");
        Assert.SkipUnless(rules.ExitCode == 0, "nftables cannot be used here: " + rules.Errors);
        var folder = Path.Combine(service.Config, "certificates");

        // Check and list: nothing is changed by it, nor by a no.
        var listed = await AskAsync("", "quickconfig", "--dry-run");
        Assert.Contains("Create a WinRM listener on HTTP://* to accept requests to any address of this machine.", listed, StringComparison.Ordinal);
        Assert.Contains("Open port 5985 in the firewall (nftables).", listed, StringComparison.Ordinal);
        var declined = await AskAsync("n\n", "quickconfig");
        Assert.Contains("Make these changes [y/n]? ", declined, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", declined, StringComparison.Ordinal);
        Assert.Equal("", await service.AskAsync("e", "winrm/config/listener"));
        Assert.DoesNotContain("5985", (await service.InsideAsync("nft", "list", "ruleset")).Output, StringComparison.Ordinal);

        // Apply and verify.
        var accepted = await AskAsync("y\n", "qc");
        Assert.Contains("WinRM has been updated for remote management.\n", accepted, StringComparison.Ordinal);
        Assert.Contains("Now it listens at HTTP://*:5985.", accepted, StringComparison.Ordinal);
        Assert.Contains("write 'tcp dport 5985 accept' into /etc/nftables.conf", accepted, StringComparison.Ordinal);
        Assert.Matches("tcp dport 5985 accept.*\n.*tcp dport 22 accept", (await service.InsideAsync("nft", "list", "ruleset")).Output);
        Assert.Equal("401", await StatusAsync("http://127.0.0.1:5985/wsman"));
        Assert.Contains("WinRM is set up already: it listens at HTTP://*:5985.", await AskAsync("", "quickconfig"), StringComparison.Ordinal);

        // Quietly, over HTTPS: a certificate for this host, its port, its rule.
        var https = await AskAsync("", "quickconfig", "-q", "-transport:https", "--certificates", folder);
        Assert.Contains("Open port 5986 in the firewall (nftables).", https, StringComparison.Ordinal);
        Assert.Contains("it listens at HTTPS://*:5986.", https, StringComparison.Ordinal);
        var certificate = Assert.Single(Directory.EnumerateFiles(folder, "*.pem"));
        var host = Path.GetFileNameWithoutExtension(certificate);
        Assert.Equal("401", await StatusAsync($"https://{host}:5986/wsman", "--cacert", certificate, "--resolve", $"{host}:5986:127.0.0.1"));
        Assert.Contains("is set up already", await AskAsync("", "quickconfig", "-transport:https", "--certificates", folder), StringComparison.Ordinal);

        async Task<string> AskAsync(string input, params string[] words)
        {
            var outcome = await Commands.RunAsync(
                "nsenter", ["-n", "-t", service.ProcessId.ToString(CultureInfo.InvariantCulture), "env", $"FARWIRE_SOCKET={service.Socket}", RunningService.Program("farwire"), "winrm", .. words], Encoding.UTF8.GetBytes(input));
            Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
            return outcome.Output;
        }

        async Task<string> StatusAsync(string address, params string[] words) =>
            (await service.InsideAsync(["/usr/bin/curl", "-s", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", .. words, address])).Output;
    }

    [Theory]
    [InlineData("firewall-cmd", "case $1 in --state) exit 0;; --query-port=*) exit 1;; esac", "--permanent --add-port=5985/tcp\n--add-port=5985/tcp\n", "firewalld")]
    [InlineData("ufw", "test \"$1\" != status || echo 'Status: active'", "allow 5985/tcp\n", "ufw")]
    public async Task Quickconfig_asks_the_firewall_that_is_active_to_open_the_port(string program, string script, string asked, string name)
    {
        await using var service = await AdministeredService.StartIsolatedAsync();
        var folder = Directory.CreateDirectory(Path.Combine(service.State, "bin")).FullName;
        var file = Path.Combine(folder, program);
        await File.WriteAllTextAsync(file, $"#!/bin/sh\ncase $1 in --state|--query*|status) ;; *) echo \"$@\" >> {folder}/asked;; esac\n{script}\n");
        Assert.Equal(0, (await Commands.RunAsync("chmod", ["+x", file])).ExitCode);

        var outcome = await service.InsideAsync("env", $"PATH={folder}:/usr/bin:/bin", $"FARWIRE_SOCKET={service.Socket}", RunningService.Program("farwire"), "winrm", "quickconfig", "-q");

        Assert.True(outcome.ExitCode == 0, outcome.Errors + outcome.Output);
        Assert.Contains($"Open port 5985 in the firewall ({name}).", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(asked, await File.ReadAllTextAsync(Path.Combine(folder, "asked")));
    }

    [Fact]
    public async Task Quickconfig_makes_a_certificate_that_curl_trusts_when_told_to()
    {
        var port = LoopbackPort.Free();
        await using var service = await AdministeredService.StartAsync(Loopback("HTTPS", port));
        var folder = Path.Combine(service.Config, "certificates");

        await service.AskAsync("quickconfig", "-q", "-force", "-transport:https", "--certificates", folder);

        var certificate = Assert.Single(Directory.EnumerateFiles(folder, "*.pem"));
        var host = Path.GetFileNameWithoutExtension(certificate);
        var answer = await Commands.RunAsync(
            "/usr/bin/curl", ["-si", "--cacert", certificate, "--resolve", $"{host}:{port}:127.0.0.1", "-X", "POST", $"https://{host}:{port}/wsman"]);
        Assert.True(answer.ExitCode == 0, $"curl ended with {answer.ExitCode}: {answer.Errors}");
        Assert.StartsWith("HTTP/1.1 401", answer.Output, StringComparison.Ordinal);
    }

    // '*' means loopback here, and the default port one that is free.
    private static (string, string) Loopback(string transport, int port) =>
        ("farwired.yaml", $"Service:\n  DefaultPorts: {{ {transport}: {port} }}\n  IPv4Filter: 127.0.0.1\n  IPv6Filter: \"\"\n");
}

using System.Globalization;
using System.Text;

namespace Farwire.Peers.Tests.Administration;

/// <summary>From a service that nobody can reach to one that answers curl.</summary>
public sealed class QuickConfigTests
{
    [Fact]
    public async Task Quickconfig_lists_asks_and_makes_what_is_missing()
    {
        var port = AdministeredService.FreePort();
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
    public async Task Quickconfig_makes_a_certificate_that_curl_trusts_when_told_to()
    {
        var port = AdministeredService.FreePort();
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

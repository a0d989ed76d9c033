using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>The settings of clients: one place, that winrm shows and changes as <c>winrm/config/client</c>, people write as client.yaml, and every command goes by.</summary>
public sealed class ClientSettingsTests
{
    [Fact]
    public async Task What_is_set_as_a_resource_is_what_the_commands_go_by()
    {
        using var peer = new RecordingPeer(_ => "");
        await using var service = await AdministeredService.StartAsync(("client.yaml", "TrustedHosts: [a.invalid, b.invalid]\n"));

        // 1. The file is the resource. 2. The lists of the two are one.
        Assert.Contains("TrustedHosts = a.invalid,b.invalid\n", await service.AskAsync("get", "winrm/config/client"), StringComparison.Ordinal);
        Assert.DoesNotContain("0x803380E4", await ErrorsAsync(service, "-r:http://b.invalid", "-a:negotiate"), StringComparison.Ordinal);
        Assert.Contains("0x803380E4", await ErrorsAsync(service, "-r:http://c.invalid", "-a:negotiate"), StringComparison.Ordinal);
        Assert.Contains("0x803380DE", await ErrorsAsync(service, "-r:http://b.invalid", "-a:basic", "-unencrypted"), StringComparison.Ordinal);

        // 3. What is changed by wire counts for commands.
        await service.AskAsync("set", "winrm/config/client", "@{TrustedHosts=\"c.invalid\";AllowUnencrypted=\"true\"}");
        await service.AskAsync("set", "winrm/config/client/defaultports", $"@{{HTTP=\"{peer.Port}\"}}");
        await service.AskAsync("set", "winrm/config/client/auth", "@{Kerberos=\"false\"}");
        Assert.DoesNotContain("0x803380E4", await ErrorsAsync(service, "-r:http://c.invalid", "-a:negotiate"), StringComparison.Ordinal);
        Assert.Contains("0x803380E4", await ErrorsAsync(service, "-r:http://b.invalid", "-a:negotiate"), StringComparison.Ordinal);
        Assert.DoesNotContain("0x803380DE", await ErrorsAsync(service, "-r:http://c.invalid", "-a:basic", "-unencrypted"), StringComparison.Ordinal);
        Assert.Contains("0x803380E2", await ErrorsAsync(service, "-r:http://localhost", "-a:kerberos"), StringComparison.Ordinal);
        var errors = await ErrorsAsync(service, "-r:localhost", "-a:negotiate"); // with a transport and no port, 80 is meant
        Assert.True(peer.Requests.Count > 0, errors);

        // 4. The policy is above all; 5. and the service's own file is no second place.
        service.Write("policy.yaml", "Client: { TrustedHosts: \"\", AllowUnencrypted: false }\n");
        await AdministeredService.UntilAsync(async () => (await service.AskAsync("get", "winrm/config/client")).Contains("TrustedHosts [Source=\"GPO\"]", StringComparison.Ordinal));
        Assert.Contains("0x803380E4", await ErrorsAsync(service, "-r:http://c.invalid", "-a:negotiate"), StringComparison.Ordinal);
        service.Write("farwired.yaml", "Client: { TrustedHosts: \"*\" }\n");
        var check = await Commands.RunAsync(RunningService.Program("farwired"), ["config", "check", "--config-dir", service.Config, "--state-dir", service.State]);
        Assert.Equal(78, check.ExitCode);
        Assert.Contains("the settings of clients stand in client.yaml", check.Errors, StringComparison.Ordinal);
        File.Delete(Path.Combine(service.Config, "farwired.yaml"));
    }

    private static async Task<string> ErrorsAsync(AdministeredService service, params string[] words)
    {
        var outcome = await Commands.RunAsync(
            "/usr/bin/env",
            [
                "FARWIRE_CONFIG_DIR=" + service.Config, "FARWIRE_STATE_DIR=" + service.State, "XDG_CONFIG_HOME=" + service.State, "FARWIRE_PASSWORD=x",
                RunningService.Program("farwire"), "winrm", "get", "wmicimv2/Win32_OperatingSystem", "-u:ann", .. words,
            ]);
        Assert.Equal(1, outcome.ExitCode);
        return outcome.Errors;
    }
}

using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests;

/// <summary>Ansible's winrm connection. It wraps every command in PowerShell, for which a script stands in on the service's PATH.</summary>
public sealed class AnsibleTests(RunningService service)
{
    [Fact]
    [Trait("Feature", "SHL-02")]
    [Trait("Feature", "CAP-06")]
    public async Task Ansible_runs_a_raw_command()
    {
        var outcome = await RunAsync(service.Https, "basic", "raw", "printf 'grüße\\n'; printf oops >&2; exit 5");

        Assert.Contains("rc=5", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("grüße", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("oops", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-03")]
    public async Task Ansible_runs_a_raw_command_with_messages_sealed_by_NTLM()
    {
        var outcome = await RunAsync(service.Http, "ntlm ansible_winrm_message_encryption=always", "raw", "echo sealed; exit 4");

        Assert.Contains("rc=4", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("sealed", outcome.Output, StringComparison.Ordinal);
    }

    private async Task<Outcome> RunAsync(string at, string transport, string module, string arguments)
    {
        Commands.Need("/usr/bin/ansible");
        var address = new Uri(at);
        var folder = Directory.CreateTempSubdirectory("farwire-ansible-").FullName;
        try
        {
            // Ansible keeps its state in the home folder, and reads settings from there.
            return await Commands.RunAsync(
                "/usr/bin/env",
                [
                    $"HOME={folder}", $"ANSIBLE_LOCAL_TEMP={folder}", "ANSIBLE_NOCOLOR=1", "LC_ALL=C.UTF-8", "PYTHONWARNINGS=ignore", $"OPENSSL_CONF={Python.Legacy["OPENSSL_CONF"]}",
                    "/usr/bin/ansible", "box", "-i", "box,", "-m", module, "-a", arguments,
                    "-e", $"ansible_connection=winrm ansible_host={address.Host} ansible_port={address.Port} ansible_winrm_scheme={address.Scheme} ansible_winrm_transport={transport}",
                    "-e", $"ansible_winrm_server_cert_validation=ignore ansible_user={service.User} ansible_password={service.Password}",
                ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

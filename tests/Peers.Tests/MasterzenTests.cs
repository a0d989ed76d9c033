namespace Farwire.Peers.Tests;

/// <summary>masterzen/winrm, the client below Packer and Terraform.</summary>
public sealed class MasterzenTests(RunningService service)
{
    [Fact]
    [Trait("Feature", "SHL-02")]
    [Trait("Feature", "SHL-03")]
    [Trait("Feature", "CAP-06")]
    public Task Masterzen_runs_commands_with_input() => RunAsync(service.Https);

    [Fact]
    public Task Masterzen_runs_commands_by_NTLM_with_a_message_on_every_leg() => RunAsync(service.Http, "ntlm");

    private async Task RunAsync(string at, params string[] method)
    {
        Commands.Need("/usr/bin/go");
        Assert.SkipUnless(Directory.Exists("/usr/share/gocode/src/github.com/masterzen/winrm"), "golang-github-masterzen-winrm-dev is not installed");
        var folder = Directory.CreateTempSubdirectory("farwire-go-").FullName;
        try
        {
            var program = Path.Combine(folder, "masterzen");
            var source = Path.Combine(AppContext.BaseDirectory, "Peers", "masterzen.go");
            var built = await Commands.RunAsync("/usr/bin/env", ["GO111MODULE=off", "GOPATH=/usr/share/gocode", "/usr/bin/go", "build", "-o", program, source]);
            Assert.True(built.ExitCode == 0, built.Errors);

            var address = new Uri(at);
            var outcome = await Commands.RunAsync(
                program, [address.Host, address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), service.User, service.Password, .. method]);

            Assert.True(outcome.ExitCode == 0, outcome.Errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

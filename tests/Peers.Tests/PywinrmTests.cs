namespace Farwire.Peers.Tests;

/// <summary>pywinrm, the client below Ansible.</summary>
public sealed class PywinrmTests(RunningService service)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "PRO-04")]
    [Trait("Feature", "AUT-01")]
    public async Task Pywinrm_reads_a_resource(bool tls)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "pywinrm_get.py");
        var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import winrm"]);
        Assert.SkipUnless(probe.ExitCode == 0, "python3-winrm is not installed");

        var outcome = await Commands.RunAsync(
            "/usr/bin/python3",
            ["-W", "ignore", script, tls ? service.Https : service.Http, service.User, service.Password, "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_OperatingSystem"]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(Environment.MachineName, outcome.Output.Trim());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "SHL-01")]
    [Trait("Feature", "SHL-02")]
    [Trait("Feature", "SHL-03")]
    [Trait("Feature", "CAP-06")]
    public async Task Pywinrm_runs_commands_with_input(bool tls)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "pywinrm_shell.py");
        var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import winrm"]);
        Assert.SkipUnless(probe.ExitCode == 0, "python3-winrm is not installed");

        var outcome = await Commands.RunAsync("/usr/bin/python3", ["-W", "ignore", script, tls ? service.Https : service.Http, service.User, service.Password]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }
}

namespace Farwire.Peers.Tests;

/// <summary>The samples run as a reader runs them.</summary>
public sealed class SampleTests(RunningService service)
{
    [Fact]
    public async Task ReadAndRun_reads_lists_and_runs()
    {
        var outcome = await Commands.RunAsync(
            "env", ["FARWIRE_PASSWORD=" + service.Password, RunningService.Program("ReadAndRun"), service.Https, service.User, service.CertificateSha256]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.StartsWith($"{Environment.MachineName} runs ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(" MB  farwired", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("sort ended with 0: one three two \n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAndRun_says_what_is_wrong()
    {
        var outcome = await Commands.RunAsync("env", ["FARWIRE_PASSWORD=wrong", RunningService.Program("ReadAndRun"), service.Https, service.User, service.CertificateSha256]);

        Assert.Equal(69, outcome.ExitCode);
        Assert.Contains("refused the user name or the password", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WMI-12")]
    public async Task OwnClass_serves_a_class_of_its_own()
    {
        var outcome = await Commands.RunAsync(RunningService.Program("OwnClass"), []);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal("North is cooled at 12.5\nNorth is cooled: false\n70 litres are left in North\n", outcome.Output);
    }

    [Fact]
    public async Task TestYourClient_passes()
    {
        var outcome = await Commands.RunAsync("dotnet", [RunningService.Program("TestYourClient") + ".dll", "-noLogo", "-noColor"]);

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.Contains("Total: 3, Errors: 0, Failed: 0, Skipped: 0", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tests_of_a_Python_script_pass()
    {
        Commands.Need("/usr/lib/python3/dist-packages/winrm/__init__.py");
        var path = $"PATH={Path.GetDirectoryName(RunningService.Program("farwired"))}:{Environment.GetEnvironmentVariable("PATH")}";

        var outcome = await Commands.RunAsync("env", [path, "/usr/bin/python3", "-W", "ignore", Path.Combine(RunningService.Root, "samples", "pywinrm", "test_script.py")]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Contains("Ran 2 tests", outcome.Errors, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>The limits of shells, met by the built winrs and by curl at a service that has narrow ones.</summary>
public sealed class ShellQuotaTests
{
    private const string Shell = Soap.Microsoft + "/windows/shell";

    [Fact]
    [Trait("Feature", "SHL-09")]
    public async Task Shells_of_a_user_and_users_with_shells_are_counted()
    {
        await using var service = await TestServiceProcess.StartedAsync("MaxShellsPerUser=1", "MaxConcurrentUsers=1");
        using var first = Start(service, "Ann", "echo ready; read line");
        Assert.Equal("ready", await first.StandardOutput.ReadLineAsync());

        var second = await RunAsync(service, "Ann", "true");
        var other = await RunAsync(service, "Bob", "true");
        first.StandardInput.Close();
        await first.WaitForExitAsync();

        Assert.Equal((1, 1), (second.ExitCode, other.ExitCode));
        Assert.Contains("0x803381A5", second.Errors, StringComparison.Ordinal);
        Assert.Contains("at most 1 shells", second.Errors, StringComparison.Ordinal);
        Assert.Contains("0x803381AB", other.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(service, "Bob", "true")).ExitCode);
    }

    [Theory]
    [InlineData("MaxProcessesPerShell=40", "b() { [ $1 = 0 ] || { b $(($1-1)) & b $(($1-1)) & }; sleep 6731; }; b 7")]
    [InlineData("MaxMemoryPerShellMB=48", "for i in 1 2 3; do { head -c 25000000 /dev/zero; sleep 6731; } | tail -c 25000000 >/dev/null & done; wait")]
    [Trait("Feature", "SHL-09")]
    public async Task A_command_that_takes_too_much_is_ended_and_its_client_told(string limit, string line)
    {
        await using var service = await TestServiceProcess.StartedAsync(limit);

        var outcome = await RunAsync(service, "Ann", line);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("0x8033803F", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(limit.Split('=')[0], outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("", (await Commands.RunAsync("/usr/bin/pgrep", ["-fx", "sleep 6731"])).Output);
    }

    [Fact]
    [Trait("Feature", "SHL-10")]
    public async Task Where_remote_shells_are_off_none_is_opened()
    {
        await using var service = await TestServiceProcess.StartedAsync("AllowRemoteShellAccess=0");

        var outcome = await RunAsync(service, "Ann", "true");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("0x803381AC", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SHL-15")]
    public async Task A_custom_shell_runs_the_program_of_its_uri()
    {
        await using var service = await TestServiceProcess.StartedAsync();
        const string uri = Shell + "/wc";
        var created = await service.Curl.SendAsync(Soap.Message(
            $"{Soap.Transfer}/Create", uri, $"<rsp:Shell xmlns:rsp=\"{Shell}\"><rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"));
        var keys = Soap.Selectors(("ShellId", Regex.Match(created.Body, "Name=\"ShellId\">([^<]+)<").Groups[1].Value));
        var started = await service.Curl.SendAsync(Soap.Message($"{Shell}/Command", uri, $"<rsp:CommandLine xmlns:rsp=\"{Shell}\"><rsp:Command>-</rsp:Command></rsp:CommandLine>", keys));
        var command = Regex.Match(started.Body, "<rsp:CommandId>([^<]+)<").Groups[1].Value;
        await service.Curl.SendAsync(Soap.Message(
            $"{Shell}/Send", uri, $"<rsp:Send xmlns:rsp=\"{Shell}\"><rsp:Stream Name=\"stdin\" CommandId=\"{command}\" End=\"true\">YWJjCg==</rsp:Stream></rsp:Send>", keys));
        var output = await service.Curl.SendAsync(Soap.Message(
            $"{Shell}/Receive", uri, $"<rsp:Receive xmlns:rsp=\"{Shell}\"><rsp:DesiredStream CommandId=\"{command}\">stdout stderr</rsp:DesiredStream></rsp:Receive>", keys));
        await service.Curl.SendAsync(Soap.Message($"{Soap.Transfer}/Delete", uri, "", keys));

        Assert.Contains($"<rsp:ResourceUri>{uri}</rsp:ResourceUri>", created.Body, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("4 -\n"u8), output.Body, StringComparison.Ordinal);
        var other = await service.Curl.SendAsync(Soap.Message($"{Soap.Transfer}/Create", Shell + "/other", ""));
        Assert.Equal(500, other.Status);
    }

    private static Task<Outcome> RunAsync(TestServiceProcess service, string user, string line) =>
        Commands.RunAsync("env", ["FARWIRE_PASSWORD=secret", RunningService.Program("farwire"), "winrs", "-r:" + service.Http, "-un", "-a:basic", "-u:" + user, line]);

    private static Process Start(TestServiceProcess service, string user, string line) => Process.Start(
        new ProcessStartInfo("env", ["FARWIRE_PASSWORD=secret", RunningService.Program("farwire"), "winrs", "-r:" + service.Http, "-un", "-a:basic", "-u:" + user, line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}

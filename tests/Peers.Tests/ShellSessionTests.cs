namespace Farwire.Peers.Tests;

/// <summary>farwire shell at a pseudo terminal, in a session of PowerShell itself.</summary>
[Collection(nameof(RealPowerShellTests))]
public sealed class ShellSessionTests(RealPowerShell real, RunningService plain) : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("farwire-shell-").FullName;

    private string History => Path.Combine(_home, ".local/state/farwire/history/127.0.0.1");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    [Trait("Feature", "PSC-05")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Lines_are_completed_there_stopped_by_Ctrl_C_and_found_again_in_the_history_of_the_host()
    {
        var first = await Session(real.Service)
            .See("PS ").Type("Get-ChildIt\t").See("Get-ChildItem").Type(" /etc/host\t").See("/etc/hostname").Type("\u0015") // Ctrl-U
            .Type("Start-Sleep 1000\r").See("1000").Interrupt() // ends the command, not the session
            .See("PS ").Type("'a' + 'b'\r").See("ab")
            .See("PS ").Type(" 'not' + 'kept'\r").See("notkept")
            .See("PS ").Type("if (1) {\r").See(">> ").Type("'in' + 'side' }\r").See("inside")
            .See("PS ").Type("1\u0003").See("^C") // gives up the line
            .See("PS ").Type("\u0004") // Ctrl-D
            .RunAsync();
        var second = await Session(real.Service)
            .See("PS ").Type("\u001b[A\u001b[A\r").See("\r\nab") // two lines back, in another session
            .See("PS ").Type("exit 7\r")
            .RunAsync();

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.True(second.ExitCode == 7, second.Output);
        Assert.Equal(["Start-Sleep 1000", "'a' + 'b'", "if (1) {\\n'in' + 'side' }"], (await File.ReadAllLinesAsync(History)).Take(3));
        Assert.Equal("600\n", (await Commands.RunAsync("stat", ["-c", "%a", History])).Output);
    }

    [Fact]
    [Trait("Feature", "PSC-05")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Ctrl_C_that_is_pressed_as_soon_as_Enter_stops_the_line()
    {
        var outcome = await Session(real.Service)
            .See("PS ").Type("Start-Sleep 1000\r\u0003").See("1000")
            .See("PS ").Type("'a' + 'b'\r").See("\r\nab")
            .See("PS ").Type("exit 7\r")
            .RunAsync();

        Assert.True(outcome.ExitCode == 7, outcome.Output);
    }

    [Fact]
    [Trait("Feature", "PSC-05")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Colours_are_those_of_the_script_unless_they_are_not_wanted()
    {
        TerminalSession Steps(params string[] settings) => Session(real.Service, settings)
            .See("PS ").Type("Write-Host red -ForegroundColor Red; Get-Item /no/where\r").See("ItemNotFoundException").See("PS ").Type("exit\r");

        var coloured = await Steps().RunAsync();
        var bare = await Steps("NO_COLOR=1").RunAsync();

        Assert.Contains("\x1B[91mred\x1B[0m", coloured.Output, StringComparison.Ordinal);
        Assert.Contains("\x1B[31mGet-Item: Cannot find path '/no/where'", coloured.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1B[91m", bare.Output, StringComparison.Ordinal);
        Assert.Contains("\r\nred\r\n", TerminalSession.Plain(bare.Output), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PSC-05")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Programs_that_paint_the_screen_are_told_that_there_is_none()
    {
        var outcome = await Session(real.Service)
            .See("PS ").Type("vim notes.txt\r").See("vim wants a terminal")
            .See("PS ").Type("$Host.UI.RawUI.ReadKey()\r").See("not a screen") // a script that asks for single keys
            .See("PS ").Type("exit\r")
            .RunAsync();

        Assert.True(outcome.ExitCode == 0, outcome.Output);
    }

    [Fact]
    public async Task Prompts_are_answered_at_the_terminal_and_files_go_both_ways()
    {
        var here = Path.Combine(_home, "here.txt");
        await File.WriteAllTextAsync(here, "content");
        var there = Directory.CreateDirectory(Path.Combine(_home, "there")).FullName;

        var outcome = await Session(real.Service)
            .See("PS ").Type("$n = Read-Host name; \"<$n>\"\r").See("name: ").Type("zoë\r").See("<zoë>")
            .See("PS ").Type("$s = Read-Host -AsSecureString pin; $s.Length\r").See("pin: ").Type("secret\r").See("\r\n6\r\n")
            .See("PS ").Type($"Set-Location {there}\r").See($"PS {there}").Type($"put {here}\r").See("1 copied")
            .See("PS ").Type($"get here.txt {_home}/back.txt\r").See("1 copied")
            .See("PS ").Type("exit\r")
            .RunAsync();

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.DoesNotContain("secret", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(there, "here.txt")));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(_home, "back.txt")));
    }

    [Fact]
    public async Task Without_PowerShell_it_is_the_command_shell_at_a_terminal()
    {
        var outcome = await new TerminalSession(
                72, "/usr/bin/env", "SHELL=/bin/sh", RunningService.Program("farwire"), "shell", "--connect", (await WithoutPowerShell()).ConnectionFile)
            .See("command shell").Type("echo ready-$((1+1))\r").See("ready-2").Type("stty size; test -t 0 && echo yes\r").See("24 72").See("yes").Type("exit 5\r")
            .RunAsync();

        Assert.True(outcome.ExitCode == 5, outcome.Output);
    }

    // The service of all tests finds no pwsh, unless the machine has one.
    private async Task<RunningService> WithoutPowerShell()
    {
        Assert.SkipWhen((await Commands.RunAsync("/bin/sh", ["-c", "command -v pwsh"])).ExitCode == 0, "pwsh is installed here");
        return plain;
    }

    private TerminalSession Session(RunningService service, params string[] settings) => new(
        80, ["/usr/bin/env", "-u", "XDG_STATE_HOME", "-u", "NO_COLOR", "HOME=" + _home, "TERM=xterm", .. settings, RunningService.Program("farwire"), "shell", "--connect", service.ConnectionFile]);
}

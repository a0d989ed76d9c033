using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests;

/// <summary>The built winrs against the built service, as two processes, used as a local command would be.</summary>
public sealed class WinRsTests(RunningService service)
{
    [Fact]
    [Trait("Feature", "WRS-01")]
    [Trait("Feature", "SHL-02")]
    public async Task Output_errors_and_code_are_those_of_the_remote_command()
    {
        var outcome = await RunAsync("printf 'grüße\\n'; printf oops >&2; exit 5");

        Assert.Equal("grüße\n", outcome.Output);
        Assert.Equal("oops", outcome.Errors);
        Assert.Equal(5, outcome.ExitCode);
    }

    [Fact]
    [Trait("Feature", "WRS-01")]
    public async Task Output_is_there_while_the_command_still_runs()
    {
        using var winrs = Start("echo first; read line; echo $line");

        Assert.Equal("first", await winrs.StandardOutput.ReadLineAsync());
        await winrs.StandardInput.WriteLineAsync("second");
        await winrs.StandardInput.FlushAsync();
        Assert.Equal("second", await winrs.StandardOutput.ReadLineAsync());
        await winrs.WaitForExitAsync();
        Assert.Equal(0, winrs.ExitCode);
    }

    [Fact]
    [Trait("Feature", "WRS-02")]
    [Trait("Feature", "SHL-03")]
    public async Task A_pipeline_goes_through_the_remote_command()
    {
        var outcome = await Commands.RunAsync(
            "/bin/sh", ["-c", "printf 'b\\nü\\na\\n' | \"$0\" winrs --connect \"$1\" sort | tr a A", RunningService.Program("farwire"), service.ConnectionFile]);

        Assert.Equal("A\nb\nü\n", outcome.Output);
    }

    [Fact]
    [Trait("Feature", "WRS-02")]
    [Trait("Feature", "SHL-19")]
    public async Task Bytes_go_through_unchanged()
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrs", "--connect", service.ConnectionFile, "tee /dev/stderr | sha256sum"], bytes);
        var back = await Commands.RunAsync(
            "/bin/sh", ["-c", "\"$0\" winrs --connect \"$1\" cat | sha256sum", RunningService.Program("farwire"), service.ConnectionFile], bytes);

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        Assert.StartsWith(hash, outcome.Output, StringComparison.Ordinal);
        Assert.StartsWith(hash, back.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WRS-03")]
    public async Task Directory_and_variables_are_those_asked_for()
    {
        var outcome = await RunAsync("-d:/usr", "/environment:A=1 2", "-env:B=ü", "--", "echo $(pwd) $A $B");

        Assert.Equal("/usr 1 2 ü\n", outcome.Output);
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task Every_option_is_visible_in_the_command()
    {
        var home = Directory.CreateTempSubdirectory("farwire-home-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, ".profile"), "FROM=profile\n");
        const string line = "echo $(pwd) $A $FROM $WINRS_CODEPAGE $LC_CTYPE $WINRS_CONSOLEMODE_STDIN";

        var read = await RunAsync("-d:/usr", "-env:A=1", "-env:HOME=" + home, line);
        var unread = await RunAsync("-d:/usr", "-env:A=1", "-env:HOME=" + home, "-nop", line);
        Directory.Delete(home, recursive: true);

        Assert.Equal("/usr 1 profile 65001 C.UTF-8 TRUE\n", read.Output);
        Assert.Equal("/usr 1 65001 C.UTF-8 TRUE\n", unread.Output);
    }

    [Fact]
    [Trait("Feature", "WRS-05")]
    [Trait("Feature", "SHL-04")]
    public async Task Ctrl_C_goes_to_the_remote_command()
    {
        using var winrs = Start("trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 60; done");
        Assert.Equal("ready", await winrs.StandardOutput.ReadLineAsync());

        await InterruptAsync(winrs);

        Assert.Equal("interrupted", await winrs.StandardOutput.ReadLineAsync());
        await winrs.WaitForExitAsync();
        Assert.Equal(3, winrs.ExitCode);
    }

    [Fact]
    [Trait("Feature", "WRS-05")]
    public async Task A_second_Ctrl_C_ends_both_sides()
    {
        using var winrs = Start("trap 'echo deaf' INT; echo ready; while :; do sleep 6571; done");
        Assert.Equal("ready", await winrs.StandardOutput.ReadLineAsync());

        await InterruptAsync(winrs);
        Assert.Equal("deaf", await winrs.StandardOutput.ReadLineAsync());
        await InterruptAsync(winrs);
        await winrs.WaitForExitAsync();

        Assert.Equal(130, winrs.ExitCode);
        Assert.Equal("", (await Commands.RunAsync("pgrep", ["-fx", "sleep 6571"])).Output);
    }

    [Fact]
    [Trait("Feature", "WRS-07")]
    public async Task Own_failures_are_one_and_say_what_to_do()
    {
        var program = RunningService.Program("farwire");
        var unknown = await Commands.RunAsync(program, ["winrs", "-x", "true"]);
        var nobody = await Commands.RunAsync(program, ["winrs", "-r:https://127.0.0.1:1", "-u:ann", "--password-file", "/dev/null", "true"]);

        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("-x is not a switch", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("https://127.0.0.1:1/wsman cannot be reached", nobody.Errors, StringComparison.Ordinal);
        Assert.Contains("Check host, port and firewall", nobody.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linked_as_winrs_the_program_is_winrs_and_can_tell_json()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-link-").FullName;
        var link = Path.Combine(folder, "winrs");
        File.CreateSymbolicLink(link, RunningService.Program("farwire"));

        var outcome = await Commands.RunAsync(link, ["--connect", service.ConnectionFile, "-o", "json", "printf 'ü'; sleep 0.1; printf '\\377' >&2; exit 4"]);
        Directory.Delete(folder, recursive: true);

        Assert.Equal("{\"stream\":\"stdout\",\"text\":\"ü\"}\n{\"stream\":\"stderr\",\"base64\":\"/w==\"}\n{\"exitCode\":4}\n", outcome.Output);
        Assert.Equal(4, outcome.ExitCode);
    }

    [Fact]
    public async Task Compressed_clear_and_by_address_the_output_is_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-winrs-").FullName;
        var password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, service.Password);
        try
        {
            var compressed = await RunAsync("-comp", "/noprofile", "-noe", "-t:60", "seq 100000");
            var clear = await Commands.RunAsync(
                RunningService.Program("farwire"), ["winrs", "-r:" + service.Http, "/unencrypted", "-a:basic", "-u:" + service.User, "--password-file", password, "seq 100000"]);
            var refused = await Commands.RunAsync(
                RunningService.Program("farwire"), ["winrs", "-r:" + service.Http, "-a:basic", "-u:" + service.User, "--password-file", password, "true"]);

            Assert.Equal(string.Concat(Enumerable.Range(1, 100_000).Select(i => $"{i}\n")), compressed.Output);
            Assert.Equal(compressed.Output, clear.Output);
            Assert.Equal(1, refused.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Past_its_deadline_or_silent_for_too_long_a_command_is_ended()
    {
        var late = await RunAsync("--deadline", "2", "while :; do echo tick; sleep 0.3; done");
        var silent = await RunAsync("--idle-timeout", "1", "echo first; sleep 6581");

        Assert.Equal(124, late.ExitCode);
        Assert.Contains("(--deadline); it was ended", late.Errors, StringComparison.Ordinal);
        Assert.Equal(124, silent.ExitCode);
        Assert.Contains("(--idle-timeout); it was ended", silent.Errors, StringComparison.Ordinal);
        Assert.Equal("", (await Commands.RunAsync("pgrep", ["-fx", "sleep 6581"])).Output);
    }

    [Fact]
    [Trait("Feature", "WRS-06")]
    public async Task A_command_outlives_any_number_of_timeouts()
    {
        // Each poll may take a tenth of a second here, as it may take a minute elsewhere.
        await using var hasty = await TestServiceProcess.StartedAsync("MaxTimeout=100");
        var outcome = await Commands.RunAsync(
            "env", ["FARWIRE_PASSWORD=secret", RunningService.Program("farwire"), "winrs", "-r:" + hasty.Http, "-un", "-a:basic", "-u:Ann", "echo first; sleep 4; cat; echo last; exit 9"], "input\n"u8.ToArray());

        Assert.Equal(("first\ninput\nlast\n", "", 9), (outcome.Output, outcome.Errors, outcome.ExitCode));
    }

    [Theory]
    [InlineData("-r:127.0.0.9", "http://127.0.0.9:5985/wsman")]
    [InlineData("-r:127.0.0.9 -ssl", "https://127.0.0.9:5986/wsman")]
    [InlineData("-r:http://127.0.0.9", "http://127.0.0.9/wsman")]
    [InlineData("-r:https://127.0.0.9", "https://127.0.0.9/wsman")]
    [InlineData("-r:127.0.0.9:1 -usessl", "https://127.0.0.9:1/wsman")]
    public async Task Without_a_port_it_is_that_of_the_way(string where, string address)
    {
        var outcome = await Commands.RunAsync(
            "env", ["FARWIRE_PASSWORD=x", RunningService.Program("farwire"), "winrs", .. where.Split(' '), "-un", "-a:basic", "-u:ann", "true"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(address + " cannot be reached", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switches_go_over_the_wire()
    {
        using var peer = new RecordingPeer(_ => "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en-US\">no</s:Text></s:Reason></s:Fault>");

        foreach (var switches in (string[][])[["-nop", "-comp"], []])
        {
            await Commands.RunAsync(
                "env", ["FARWIRE_PASSWORD=x", RunningService.Program("farwire"), "winrs", $"-r:http://127.0.0.1:{peer.Port}", "-un", "-a:basic", "-u:ann", .. switches, "true"]);
        }

        Assert.Contains("Name=\"WINRS_NOPROFILE\">TRUE<", peer.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("xpress</", peer.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("Name=\"WINRS_NOPROFILE\">FALSE<", peer.Requests[1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("xpress", peer.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_terminal_what_is_typed_is_shown_unless_that_is_switched_off()
    {
        var hidden = await AtTerminalAsync("ready", "typed", "winrs", "--connect", service.ConnectionFile, "-noecho", "echo ready; read line; echo \"<$line>\"");
        var shown = await AtTerminalAsync("ready", "typed", "winrs", "--connect", service.ConnectionFile, "echo ready; read line; echo \"<$line>\"");

        Assert.EndsWith("ready\r\n<typed>\r\n", hidden.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, shown.ExitCode);
        Assert.Contains("the terminal echoes", shown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WRS-07")]
    public async Task At_a_terminal_it_asks_for_the_password_and_does_not_show_it()
    {
        string[] words = ["winrs", "-r:" + service.Https, "--pin", service.CertificateSha256, "-u:" + service.User, "echo done; exit 4"];
        var right = await AtTerminalAsync("Password of", service.Password, words);
        var wrong = await AtTerminalAsync("Password of", "wrong", words);
        var aborted = await AtTerminalAsync("Password of", "^C", words);

        Assert.EndsWith($"Password of {service.User}: \r\ndone\r\n", right.Output, StringComparison.Ordinal);
        Assert.Equal(4, right.ExitCode);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("refused", wrong.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", wrong.Output, StringComparison.Ordinal);
        Assert.Equal(1, aborted.ExitCode);
    }

    [Fact]
    public async Task At_a_terminal_a_tool_that_ignores_the_code_page_can_be_read_all_the_same()
    {
        // ü in code page 437, whole; in UTF-8, cut in two by time; and the first half of one, after which nothing comes
        var outcome = await AtTerminalAsync("never", "", "winrs", "--connect", service.ConnectionFile, "printf 'gr\\201n gr\\303'; sleep 0.3; printf '\\274n \\303'");

        Assert.Equal("grün grün ├", TerminalSession.Plain(outcome.Output));
    }

    [Fact]
    public async Task At_a_terminal_the_command_sees_one()
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"),
            ["winrs", "--connect", service.ConnectionFile, "--tty", "-env:TERM=vt100", "tty; stty size; echo $TERM; read line; echo \"<$line>\"; exit 6"],
            "typed\n"u8.ToArray());

        // The terminal echoes the line when it comes, before, between or after what the command says.
        Assert.Matches("^/dev/pts/[0-9]+\r\n24 80\r\nvt100\r\n<typed>\r\n$", Regex.Replace(outcome.Output, "(?m)^typed\r\n", ""));
        Assert.Equal(6, outcome.ExitCode);
    }

    private static Task<Outcome> AtTerminalAsync(string prompt, string typed, params string[] words)
    {
        Commands.Need("/usr/bin/python3");
        return Commands.RunAsync(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "prompt.py"), prompt, typed, RunningService.Program("farwire"), .. words]);
    }

    private Task<Outcome> RunAsync(params string[] arguments) =>
        Commands.RunAsync(RunningService.Program("farwire"), ["winrs", "--connect", service.ConnectionFile, .. arguments]);

    // Whoever starts the tests in the background has SIGINT ignored, and so would winrs.
    private Process Start(string line) => Process.Start(
        new ProcessStartInfo("/usr/bin/env", ["--default-signal", RunningService.Program("farwire"), "winrs", "--connect", service.ConnectionFile, line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;

    private static Task<Outcome> InterruptAsync(Process process) => Commands.RunAsync("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
}

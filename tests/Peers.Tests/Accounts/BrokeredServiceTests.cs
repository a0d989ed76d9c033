using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Accounts;

/// <summary>Who one is on the machine, and what that allows: accounts of the system, asked by PAM, with programs under their own number.</summary>
public sealed partial class BrokeredServiceTests(BrokeredService service) : IClassFixture<BrokeredService>
{
    [Fact]
    [Trait("Feature", "SHL-17")]
    [Trait("Feature", "AUT-21")]
    public async Task A_command_runs_as_the_account_that_authenticated()
    {
        var outcome = await WinRsAsync("alice", "p@ss", "id; pwd; echo $USER; echo $HOME; cat /etc/shadow; grep CapEff /proc/self/status");

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("uid=60001(alice) gid=60001(alice) groups=60001(alice),60010(remote-management)\n/\nalice\n/\n", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("0000000000000000\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Permission denied", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("broker: Start /bin/sh as alice: Done", service.Log);
    }

    [Fact]
    [Trait("Feature", "SHL-17")]
    public async Task Pywinrm_runs_a_command_as_the_account_that_authenticated()
    {
        Need();
        var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import winrm"]);
        Assert.SkipUnless(probe.ExitCode == 0, "python3-winrm is not installed");

        var outcome = await Commands.RunAsync("/usr/bin/python3", ["-W", "ignore", "-c", """
            import sys, winrm
            session = winrm.Session(sys.argv[1], auth=("alice", "p@ss"), transport="basic", server_cert_validation="ignore")
            print(session.run_cmd("id", ["-u"]).std_out.decode(), end="")
            """, service.Https]);

        Assert.Equal("60001\n", outcome.Output);
    }

    [Fact]
    [Trait("Feature", "AUT-21")]
    public async Task The_process_that_serves_the_network_has_no_rights_of_its_own()
    {
        Need();
        var status = await File.ReadAllTextAsync($"/proc/{service.ServiceId}/status");

        Assert.Matches(@"Uid:\t65534\t65534\t65534\t65534", status);
        Assert.Matches(@"CapEff:\t0{16}", status);
        var held = (await Commands.RunAsync("ls", ["-l", $"/proc/{BrokerOf(status)}/fd"])).Output;
        var network = string.Concat(((string[])["tcp", "tcp6", "udp", "udp6"]).Select(table => File.ReadAllText($"/proc/net/{table}")));
        Assert.All(Sockets().Matches(held), socket => Assert.DoesNotContain($" {socket.Groups[1].Value} ", network, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "AUT-14")]
    public async Task An_expired_or_locked_account_a_wrong_password_and_an_unknown_name_look_the_same_from_outside()
    {
        var locked = await WinRsAsync("locked", "p@ss", "id");
        var closed = await WinRsAsync("closed", "p@ss", "id");
        var wrong = await WinRsAsync("alice", "wrong", "id");
        var unknown = await WinRsAsync("nobody-of-this-name", "p@ss", "id");

        Assert.Equal([1, 1, 1, 1], [locked.ExitCode, closed.ExitCode, wrong.ExitCode, unknown.ExitCode]);
        Assert.Contains("refused the user name or the password", locked.Errors, StringComparison.Ordinal);
        Assert.Contains("Error number:  5 0x5", locked.Errors, StringComparison.Ordinal);
        Assert.Equal(locked.Errors, closed.Errors);
        Assert.Equal(locked.Errors, wrong.Errors);
        Assert.Equal(locked.Errors, unknown.Errors);
        Assert.Contains("broker: Authenticate locked: AccountRefused", service.Log);
        Assert.DoesNotContain(service.Log, line => line.Contains("p@ss", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alice", true, true)]
    [InlineData("outsider", false, false)]
    [InlineData("admin", true, true)]
    [Trait("Feature", "AUT-15")]
    public async Task Members_of_the_groups_are_let_in_and_others_are_not(string user, bool mayRead, bool mayRun)
    {
        var read = await FarwireAsync(user, "winrm", "get", "wmicimv2/Win32_OperatingSystem");
        var run = await WinRsAsync(user, "p@ss", "id -un");

        Assert.Equal(mayRead, read.ExitCode == 0);
        Assert.Equal(mayRun, run.ExitCode == 0);
        if (!mayRead)
        {
            Assert.Contains("Access is denied", read.Errors, StringComparison.Ordinal);
            Assert.Contains("remote-management", read.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Feature", "SHL-08")]
    public async Task A_user_sees_and_ends_own_shells_and_an_administrator_those_of_all()
    {
        Need();
        var mine = await FarwireAsync("alice", "winrm", "enumerate", "shell");
        var waiting = WinRsAsync("admin", "p@ss", "sleep 6791");
        var sleeping = WinRsAsync("alice", "p@ss", "sleep 6792");
        string id;
        do
        {
            id = ShellIds().Match((await FarwireAsync("alice", "winrm", "enumerate", "shell")).Output).Groups[1].Value;
        }
        while (id.Length == 0);

        string all;
        do
        {
            all = (await FarwireAsync("admin", "winrm", "enumerate", "shell")).Output;
        }
        while (ShellIds().Count(all) < 2);

        var admins = ShellIds().Matches(all).Select(m => m.Groups[1].Value).Single(other => other != id);
        var stolen = await FarwireAsync("alice", "winrm", "delete", $"shell/cmd?ShellId={admins}");
        var read = await FarwireAsync("admin", "winrm", "get", $"shell?ShellId={id}");
        var ended = await FarwireAsync("admin", "winrm", "delete", $"shell/cmd?ShellId={id}");
        var own = await FarwireAsync("admin", "winrm", "delete", $"shell/cmd?ShellId={admins}");

        Assert.Equal("0 1 0 0 0", string.Join(' ', new[] { mine, stolen, read, ended, own }.Select(o => o.ExitCode)));
        Assert.Matches(@"Owner = alice\n(.|\n)*MemoryUsed = \d+MB\n\s+ChildProcesses = [12]\n", read.Output);
        Assert.Equal((1, 1), ((await sleeping).ExitCode, (await waiting).ExitCode));
        Assert.Equal("", (await Commands.RunAsync("pgrep", ["-fx", "sleep 679[12]"])).Output);
    }

    [GeneratedRegex("ShellId = ([0-9A-F-]+)")]
    private static partial Regex ShellIds();

    [GeneratedRegex(@"socket:\[(\d+)\]")]
    private static partial Regex Sockets();

    private static string BrokerOf(string status) => Regex.Match(status, @"PPid:\t(\d+)").Groups[1].Value;

    private void Need() => Assert.SkipWhen(service.Missing is not null, service.Missing ?? "");

    private Task<Outcome> WinRsAsync(string user, string password, string command) =>
        RunAsync(password, ["winrs", $"-r:{service.Https}", "--pin", service.CertificateSha256, $"-u:{user}", "-a:basic", command]);

    private Task<Outcome> FarwireAsync(string user, string face, string verb, string resource) =>
        RunAsync("p@ss", [face, verb, resource, $"-r:{service.Https}", "--pin", service.CertificateSha256, $"-u:{user}", "-a:basic"]);

    private Task<Outcome> RunAsync(string password, string[] words)
    {
        Need();
        return Commands.RunAsync("env", [$"FARWIRE_PASSWORD={password}", RunningService.Program("farwire"), .. words]);
    }
}

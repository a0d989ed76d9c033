using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Farwire.Peers.Tests.Administration;

/// <summary><c>farwired check</c>, and files that the service's own account must be able to read.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-check-").FullName;

    private string State => Path.Combine(_folder, "state");

    private string Config => Path.Combine(_folder, "etc");

    [Fact]
    public async Task Check_names_what_would_keep_the_service_from_working_and_ends_with_1()
    {
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(Config);
        Assert.Equal(0, (await CheckAsync()).ExitCode);

        using var other = new TcpListener(IPAddress.IPv6Any, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        await File.WriteAllTextAsync(Path.Combine(Config, "farwired.yaml"), $$"""
            Listener:
            - { Address: "*", Transport: HTTP, Port: {{taken}} }
            - { Address: "*", Transport: HTTPS, Hostname: nobody.example.com }
            """);
        var listeners = await CheckAsync();
        Assert.Equal(1, listeners.ExitCode);
        Assert.Contains($"BAD  port        Listener?Address=*+Transport=HTTP: {taken.ToString(CultureInfo.InvariantCulture)} cannot be had", listeners.Output, StringComparison.Ordinal);
        Assert.Contains("BAD  certificate Listener?Address=*+Transport=HTTPS: ", listeners.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(Config, "farwired.yaml"), "Winrs:\n  MaxShells: 7\n");
        var broken = await CheckAsync();
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains($"BAD  config      {Path.Combine(Config, "farwired.yaml")}:2: there is no setting 'MaxShells'", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_says_how_commands_are_ended_and_limits_kept_with_control_groups_and_without()
    {
        Assert.SkipUnless((await Commands.RunAsync("unshare", ["-m", "true"])).ExitCode == 0, "mount namespaces are not allowed here");
        var mount = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).FirstOrDefault(words => words.Contains("cgroup2"))?[4];
        Assert.SkipWhen(mount is null, "no cgroup v2 is mounted here");

        var with = await CheckAsync();
        var without = await Commands.RunAsync(
            "unshare", ["-m", "/bin/sh", "-c", "umount -l \"$0\" && exec \"$@\"", mount, RunningService.Program("farwired"), "check", "--config-dir", Config, "--state-dir", State]);

        Assert.Contains("yes  cgroup      a command and all it started are ended in one step", with.Output, StringComparison.Ordinal);
        Assert.Contains("no   cgroup      no control group can be made", without.Output, StringComparison.Ordinal);
        Assert.Contains("no   limits      no controllers pids and memory here: a watcher ends what exceeds", without.Output, StringComparison.Ordinal);
        var counts = File.Exists(Path.Combine(mount, "cgroup.controllers")) && File.ReadAllText(Path.Combine(mount, "cgroup.controllers")).Split(' ', '\n') is var names && names.Contains("pids") && names.Contains("memory");
        Assert.Contains(counts ? "yes  limits      the kernel keeps to" : "no   limits", with.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_root_writes_beside_the_files_of_the_service_is_the_services()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "files are given away by root alone");
        Directory.CreateDirectory(State);
        Assert.Equal(0, (await Commands.RunAsync("chmod", ["755", _folder])).ExitCode);
        Assert.Equal(0, (await Commands.RunAsync("chown", ["nobody", State])).ExitCode);
        var users = Path.Combine(State, "users");

        var added = await Commands.RunAsync(
            RunningService.Program("farwired"), ["user", "add", "ann", "--account", "nobody", "--nt-hash", "--file", users], Encoding.UTF8.GetBytes("Passw0rd!\n"));

        Assert.True(added.ExitCode == 0, added.Errors);
        foreach (var file in (string[])[users, Path.Combine(State, "key")])
        {
            Assert.Equal("nobody 600\n", (await Commands.RunAsync("stat", ["-c", "%U %a", file])).Output);
        }

        Assert.DoesNotContain("BAD", (await CheckAsync("--account", "nobody")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Commands.RunAsync("chown", ["root", users])).ExitCode);
        Assert.Contains($"BAD  files       'nobody' cannot read {users}: 'chown nobody {users}'", (await CheckAsync("--account", "nobody")).Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Outcome> CheckAsync(params string[] words) =>
        Commands.RunAsync(RunningService.Program("farwired"), ["check", "--config-dir", Config, "--state-dir", State, "--socket", Path.Combine(_folder, "none.sock"), .. words]);
}

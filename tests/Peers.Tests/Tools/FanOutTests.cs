using System.Text.Json;

namespace Farwire.Peers.Tests.Tools;

/// <summary>farwire run on one host and on many, as a user starts it.</summary>
public sealed class FanOutTests(RunningService service) : IDisposable
{
    private const string Nowhere = "https://127.0.0.1:1";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-run-").FullName;

    // The same service under several names: localhost, and addresses that all mean this machine.
    private string Here => service.Https.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    private string AlsoHere => service.Https.Replace("localhost", "127.0.0.1", StringComparison.Ordinal) + "/";

    [Fact]
    public async Task On_one_host_the_streams_and_the_code_are_the_commands()
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["run", "--connect", service.ConnectionFile, "-d", "/usr", "-e", "A=1 2", "--", "cat; echo $(pwd) $A; echo oops >&2; exit 5"], "input\n"u8.ToArray());

        Assert.Equal((5, "input\n/usr 1 2\n", "oops\n"), (outcome.ExitCode, outcome.Output, outcome.Errors));
    }

    [Fact]
    public async Task On_many_hosts_each_line_says_whose_it_is_and_the_code_how_many_failed()
    {
        var all = await RunAsync($"{Here},{AlsoHere}", "echo one; printf two");
        var some = await RunAsync($"{Here},{Nowhere}", "echo one");
        var none = await RunAsync($"{Here},{AlsoHere},{Nowhere}", "exit 3");

        Assert.Equal(0, all.ExitCode);
        Assert.Equal(
            new[] { $"{Here}: one", $"{Here}: two", $"{AlsoHere}: one", $"{AlsoHere}: two" }.Order(StringComparer.Ordinal),
            all.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.EndsWith("2 hosts: 2 ok, 0 failed\n", all.Errors, StringComparison.Ordinal);
        Assert.Equal(1, some.ExitCode);
        Assert.Contains($"{Nowhere}: {Nowhere}/wsman cannot be reached", some.Errors, StringComparison.Ordinal);
        Assert.Equal(2, none.ExitCode);
        Assert.Matches($"{Here} +[0-9.]+ s +exit code 3\n", none.Errors);
    }

    [Fact]
    public async Task What_failed_is_kept_and_tried_again_alone()
    {
        var hosts = Path.Combine(_folder, "hosts.txt");
        var retry = Path.Combine(_folder, "failed.txt");
        await File.WriteAllTextAsync(hosts, $"# our machines\n{Here}\n\n{Nowhere}   # off\n");

        var first = await RunAsync("@" + hosts, "--retry-file", retry, "true");
        var kept = await File.ReadAllTextAsync(retry);
        var second = await RunAsync("@" + hosts, "--limit", "@" + retry, "--retry-file", retry, "-o", "json", "true");

        Assert.Equal((1, Nowhere + "\n"), (first.ExitCode, kept));
        Assert.EndsWith($"2 hosts: 1 ok, 1 failed; their names are in {retry}\n", first.Errors, StringComparison.Ordinal);
        Assert.Equal(69, second.ExitCode);
        Assert.Equal("0x80338012", JsonDocument.Parse(second.Errors).RootElement.GetProperty("fault").GetProperty("hex").GetString());
    }

    [Fact]
    public async Task Programs_get_an_object_for_every_piece_and_every_end()
    {
        var outcome = await RunAsync($"{Here},{Nowhere}", "-o", "json", "printf ü; exit 4");

        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"{{\"host\":\"{Here}\",\"stream\":\"stdout\",\"text\":\"ü\"}}", $"{{\"host\":\"{Here}\",\"exitCode\":4}}"], lines);
        var failure = JsonDocument.Parse(outcome.Errors).RootElement;
        Assert.Equal(Nowhere, failure.GetProperty("host").GetString());
        Assert.Equal("0x80338012", failure.GetProperty("fault").GetProperty("hex").GetString());
        Assert.Equal(2, outcome.ExitCode);
    }

    [Theory]
    [InlineData("echo OK; exit 0", 0)]
    [InlineData("exit 2", 2)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 70", 3)]
    public async Task A_monitoring_system_gets_one_of_four_states(string command, int state)
    {
        var outcome = await RunAsync(Here, "--nagios", command);

        Assert.Equal(state, outcome.ExitCode);
    }

    [Fact]
    public async Task A_monitoring_system_reads_on_one_line_why_a_host_is_unknown()
    {
        var outcome = await RunAsync(Nowhere, "--nagios", "true");
        var worst = await RunAsync($"{Here},{Nowhere}", "--nagios", "exit 1");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Matches("^UNKNOWN - .+cannot be reached.+\n$", outcome.Output);
        Assert.Equal(1, worst.ExitCode);
    }

    [Fact]
    public async Task An_inventory_of_Ansible_says_where_and_who()
    {
        var inventory = Path.Combine(_folder, "inventory.ini");
        var address = new Uri(service.Https);
        await File.WriteAllTextAsync(
            inventory,
            $"""
            [web]
            web[01:02] ansible_host=localhost
            [db]
            db1 ansible_host={address.Host}
            [down]
            off ansible_host=127.0.0.1 ansible_port=1
            [lab:children]
            web
            db
            [lab:vars]
            ansible_user={service.User}
            ansible_port={address.Port}
            ansible_winrm_transport=basic

            """);

        var lab = await Commands.RunAsync("env", ["FARWIRE_PASSWORD=" + service.Password, RunningService.Program("farwire"), "run", "-H", inventory + ":lab", "--pin", service.CertificateSha256, "-q", "echo here"]);
        var all = await Commands.RunAsync("env", ["FARWIRE_PASSWORD=" + service.Password, RunningService.Program("farwire"), "run", "-H", inventory, "--auth", "basic", "-u", service.User, "--pin", service.CertificateSha256, "-q", "true"]);
        var unknown = await RunAsync(inventory + ":mail", "true");

        Assert.Equal((0, ""), (lab.ExitCode, lab.Errors));
        Assert.Equal(["db1: here", "web01: here", "web02: here"], lab.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Equal(1, all.ExitCode);
        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("has no group 'mail'", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_and_the_first_failure_end_the_run()
    {
        var late = await RunAsync($"{Here},{AlsoHere}", "--deadline", "1", "sleep 6613");
        var failed = await RunAsync($"{Nowhere},{Here}", "--parallel", "1", "--fail-fast", "echo never");

        Assert.Equal(124, late.ExitCode);
        Assert.Contains("not done", late.Errors, StringComparison.Ordinal);
        Assert.Equal("", (await Commands.RunAsync("pgrep", ["-fx", "sleep 6613"])).Output);
        Assert.Equal(("", 2), (failed.Output, failed.ExitCode));
    }

    [Fact]
    public async Task Who_has_read_enough_ends_what_runs_over_there()
    {
        var outcome = await Commands.RunAsync(
            "/bin/bash", ["-c", "\"$0\" run --connect \"$1\" 'yes farwire-6631' | head -n 1; echo ${PIPESTATUS[0]}", RunningService.Program("farwire"), service.ConnectionFile]);

        Assert.Equal("farwire-6631\n130\n", outcome.Output);
        Assert.Equal("", (await Commands.RunAsync("pgrep", ["-fx", "yes farwire-6631"])).Output);
    }

    [Theory]
    [InlineData("-H", "a", "--parallel", "0", "true")]
    [InlineData("-H", "a,b", "--tty", "true")]
    [InlineData("-H", "@/nowhere", "true")]
    [InlineData("-H", ",", "true")]
    [InlineData("-H", "a")]
    [InlineData("true")]
    [InlineData("-H", "a", "--limit", "b", "true")]
    [InlineData("-H", "web[3:1]", "true")]
    [InlineData("-H", "a", "-o", "table", "true")]
    public async Task Wrong_use_is_one_line_and_64(params string[] words)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["run", .. words]);

        Assert.Equal(64, outcome.ExitCode);
        Assert.Matches("^farwire run: .+\nTry 'farwire run --help'.\n$", outcome.Errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Outcome> RunAsync(string hosts, params string[] words) => Commands.RunAsync(
        "env", ["FARWIRE_PASSWORD=" + service.Password, RunningService.Program("farwire"), "run", "-H", hosts, "-u", service.User, "--auth", "basic", "--pin", service.CertificateSha256, .. words]);
}

using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.TestKit;

namespace Farwire.Shells.Tests;

public sealed class CommandShellTests
{
    [Fact]
    [Trait("Feature", "SHL-01")]
    public async Task Create_answers_the_reference_and_the_shell_beside_it()
    {
        await using var service = new RemoteService();

        using var reply = await service.As("ann").AskAsync(
            Exchange.Headers(Actions.Create, ResourceUris.CommandShell), RemoteService.Wish() with { IdleTimeOut = TimeSpan.FromMinutes(3) });

        Assert.Matches("<w:Selector Name=\"ShellId\">[0-9A-F-]{36}<", reply.Body.ReadOuterXml());
        Assert.Equal(1, service.Shells.OpenShells);
    }

    [Fact]
    [Trait("Feature", "SHL-02")]
    [Trait("Feature", "SHL-03")]
    public async Task A_command_tells_its_output_its_errors_and_its_code()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();

        var outcome = await service.RunAsync(shell, "printf 'grüße\n'; printf oops >&2; exit 5");

        Assert.Equal("grüße\n", outcome.Text);
        Assert.Equal("oops", outcome.Errors);
        Assert.Equal(5, outcome.ExitCode);
        Assert.EndsWith("/stdout/stderr", outcome.Order, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SHL-02")]
    public async Task Big_output_arrives_whole_in_envelopes_of_bounded_size()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();

        var outcome = await service.RunAsync(shell, "head -c 5000000 /dev/zero | tr '\\0' x");

        Assert.Equal(5_000_000, outcome.Output.Length);
        Assert.True(outcome.Output.AsSpan().IndexOfAnyExcept((byte)'x') < 0);
    }

    [Fact]
    [Trait("Feature", "SHL-03")]
    public async Task Input_reaches_the_command_and_its_end_closes_it()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "sort");

        await service.SendAsync(shell, command, "b\n", end: false);
        await service.SendAsync(shell, command, "a\n", end: true);

        Assert.Equal("a\nb\n", (await service.FinishAsync(shell, command)).Text);
    }

    [Fact]
    [Trait("Feature", "SHL-03")]
    public async Task Input_for_an_ended_command_is_discarded()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "true");
        await service.FinishAsync(shell, command);

        await service.SendAsync(shell, command, "late", end: true);
    }

    [Theory]
    [InlineData(ShellNames.CtrlC, 130)]
    [InlineData(ShellNames.CtrlBreak, 143)]
    [Trait("Feature", "SHL-04")]
    public async Task Ctrl_C_and_Ctrl_Break_reach_the_command(string signal, int code)
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "exec cat");
        await service.SendAsync(shell, command, "ready\n", end: false);
        Assert.Equal("ready\n"u8.ToArray(), (await service.ReceiveAsync(shell, command)).Streams[0].Data.ToArray());

        await service.SignalAsync(shell, command, signal.ToUpperInvariant());

        Assert.Equal(code, (await service.FinishAsync(shell, command)).ExitCode);
    }

    [Fact]
    [Trait("Feature", "SHL-04")]
    public async Task Terminate_ends_the_whole_tree_and_frees_the_command()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "(setsid sleep 611 >/dev/null 2>&1 &); sleep 612 & echo ready; wait");
        await service.ReceiveAsync(shell, command);

        await service.SignalAsync(shell, command, ShellNames.Terminate);

        Assert.Empty(Processes("sleep 611", "sleep 612"));
        var fault = await service.FaultAsync(
            RemoteService.Headers(Actions.Receive, shell), new Receive(["stdout"]) { CommandId = command });
        Assert.Equal(FaultCatalog.UnexpectedSelectors.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "SHL-04")]
    public async Task An_unknown_signal_faults()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "cat");

        var fault = await service.FaultAsync(RemoteService.Headers(Actions.Signal, shell), new Signal("urn:x") { CommandId = command });

        Assert.Equal(FaultCatalog.InvalidParameter.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task Directory_variables_and_the_direct_start_are_visible_in_the_command()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync(RemoteService.Wish() with { WorkingDirectory = "/usr", Environment = [KeyValuePair.Create("A", "x y")] });

        Assert.Equal("/usr x y\n", (await service.RunAsync(shell, "echo $(pwd) $A")).Text);
        var direct = await service.RunAsync(shell, "printf \"%s|\" \"a b\" $A", OptionSet.Of(new Option(ShellNames.SkipCmdShell, "TRUE")));
        Assert.Equal("a b|$A|", direct.Text);
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task A_direct_start_of_a_program_that_is_not_there_faults()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();

        var fault = await service.FaultAsync(
            RemoteService.Headers(Actions.Command, shell) with { Options = OptionSet.Of(new Option(ShellNames.SkipCmdShell, "1")) },
            new CommandLine("/no/such/program", []));

        Assert.Equal(FaultCatalog.FileNotFound.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "SHL-06")]
    public async Task A_poll_that_times_out_faults_and_loses_nothing()
    {
        var time = new ManualTime();
        await using var service = new RemoteService(serviceTime: time);
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "cat");
        var poll = service.FaultAsync(
            RemoteService.Headers(Actions.Receive, shell) with { OperationTimeout = TimeSpan.FromSeconds(20) },
            new Receive(["stdout", "stderr"]) { CommandId = command });
        Assert.True(SpinWait.SpinUntil(() => time.WaitingTimers > 0, TimeSpan.FromSeconds(10)));

        time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(FaultCatalog.OperationTimedOut.Code, (await poll).Code);
        await service.SendAsync(shell, command, "after", end: true);
        Assert.Equal("after", (await service.FinishAsync(shell, command)).Text);
    }

    [Fact]
    [Trait("Feature", "SHL-06")]
    public async Task A_client_gone_in_the_middle_of_a_poll_leaves_the_command_running()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "cat");
        using var gone = new CancellationTokenSource();
        var poll = service.ReceiveAsync(shell, command, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        await service.SendAsync(shell, command, "still", end: true);
        Assert.Equal("still", (await service.FinishAsync(shell, command)).Text);
    }

    [Fact]
    [Trait("Feature", "SHL-07")]
    public async Task A_shell_nobody_asks_ends_after_its_idle_time_with_all_that_runs_in_it()
    {
        var time = new ManualTime();
        await using var service = new RemoteService(shellTime: time);
        var shell = await service.OpenAsync(RemoteService.Wish() with { IdleTimeOut = TimeSpan.FromMinutes(3) });
        await service.StartAsync(shell, "sleep 621");

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, service.Shells.OpenShells);
        var command = await service.StartAsync(shell, "sleep 622"); // a request: the time begins anew
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, service.Shells.OpenShells);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, service.Shells.OpenShells);
        Assert.True(SpinWait.SpinUntil(() => Processes("sleep 621", "sleep 622").Count == 0, TimeSpan.FromSeconds(10)));
        var fault = await service.FaultAsync(
            RemoteService.Headers(Actions.Receive, shell), new Receive(["stdout"]) { CommandId = command });
        Assert.Equal(FaultCatalog.UnexpectedSelectors.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "SHL-08")]
    public async Task Delete_ends_all_commands_and_tells_who_waits_for_them()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "sleep 631 | sleep 632");
        var poll = service.FaultAsync(RemoteService.Headers(Actions.Receive, shell), new Receive(["stdout"]) { CommandId = command });

        await service.CloseAsync(shell);

        Assert.Contains((await poll).Code, new[] { FaultCatalog.OperationAborted.Code, FaultCatalog.UnexpectedSelectors.Code });
        Assert.Empty(Processes("sleep 631", "sleep 632"));
    }

    [Fact]
    [Trait("Feature", "SHL-08")]
    public async Task A_user_lists_and_reads_own_shells_and_no_others()
    {
        await using var service = new RemoteService();
        var own = await service.OpenAsync();
        var other = await service.OpenAsync(channel: service.As("bob"));

        using var list = await service.As("ann").AskAsync(
            Exchange.Headers(Actions.Enumerate, ResourceUris.Shell), new Enumerate { Optimize = true, MaxElements = 10 });
        var xml = list.Body.ReadOuterXml();
        using var read = await service.As("ann").AskAsync(Exchange.Headers(Actions.Get, ResourceUris.Shell, (ShellNames.ShellId, own)));

        Assert.Contains(own, xml, StringComparison.Ordinal);
        Assert.DoesNotContain(other, xml, StringComparison.Ordinal);
        Assert.Equal("ann", ShellInstance.Read(read.Body).Owner);
        var fault = await service.FaultAsync(RemoteService.Headers(Actions.Command, other), new CommandLine("true", []));
        Assert.Equal(FaultCatalog.UnexpectedSelectors.Code, fault.Code);
    }

    [Fact]
    [Trait("Feature", "SHL-09")]
    public async Task Shells_users_and_commands_have_limits()
    {
        await using var service = new RemoteService(new ShellOptions { MaxShellsPerUser = 1, MaxConcurrentUsers = 1, MaxCommandsPerShell = 1 });
        var shell = await service.OpenAsync();
        await service.StartAsync(shell, "cat");
        var create = Exchange.Headers(Actions.Create, ResourceUris.CommandShell);

        Assert.Equal(FaultCatalog.ShellQuotaPerUser.Code, (await service.FaultAsync(create, RemoteService.Wish())).Code);
        Assert.Equal(FaultCatalog.ShellUsersQuota.Code, (await service.As("bob").FaultAsync(create, RemoteService.Wish())).Code);
        Assert.Equal(
            FaultCatalog.CommandsQuotaPerShell.Code,
            (await service.FaultAsync(RemoteService.Headers(Actions.Command, shell), new CommandLine("true", []))).Code);
    }

    [Fact]
    [Trait("Feature", "SHL-16")]
    public async Task Ids_that_the_client_chose_are_kept_and_bad_ones_fault()
    {
        await using var service = new RemoteService();
        var shell = await service.OpenAsync();
        var id = Guid.NewGuid().ToString();
        using var reply = await service.As("ann").AskAsync(
            RemoteService.Headers(Actions.Command, shell), new CommandLine("true", []) { CommandId = id });

        Assert.Equal(id, CommandResponse.Read(reply.Body).CommandId);
        Assert.Equal(FaultCatalog.CommandIdInUse.Code, await CommandFaultAsync(id));
        Assert.Equal(FaultCatalog.CommandIdInvalid.Code, await CommandFaultAsync("x"));
        Assert.Equal(FaultCatalog.ShellIdInUse.Code, await ShellFaultAsync(shell));
        Assert.Equal(FaultCatalog.ShellIdInvalid.Code, await ShellFaultAsync("x"));

        async Task<uint> CommandFaultAsync(string chosen) =>
            (await service.FaultAsync(RemoteService.Headers(Actions.Command, shell), new CommandLine("true", []) { CommandId = chosen })).Code;

        async Task<uint> ShellFaultAsync(string chosen) => (await service.FaultAsync(
            Exchange.Headers(Actions.Create, ResourceUris.CommandShell), RemoteService.Wish() with { ShellId = chosen })).Code;
    }

    [Fact]
    public async Task A_command_ends_although_what_it_left_behind_holds_its_streams()
    {
        await using var service = new RemoteService(new ShellOptions { StreamsAfterExit = TimeSpan.FromMilliseconds(1) });
        var shell = await service.OpenAsync();

        var outcome = await service.RunAsync(shell, "sleep 641 & echo done");
        await service.CloseAsync(shell);

        Assert.Equal("done\n", outcome.Text);
        Assert.Empty(Processes("sleep 641"));
    }

    internal static List<string> Processes(params string[] lines)
    {
        var found = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                var line = File.ReadAllText(directory + "/cmdline").Replace('\0', ' ').Trim();
                if (lines.Contains(line))
                {
                    found.Add(line);
                }
            }
            catch (IOException)
            {
                // Ended meanwhile.
            }
        }

        return found;
    }
}

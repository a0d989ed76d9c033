using Farwire.Processes;
using Farwire.Processes.Limits;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.Tests;

/// <summary>What the programs of a shell may take, with control groups and without.</summary>
public sealed class QuotaTests
{
    public static TheoryData<bool> Branches => [true, false];

    [Theory]
    [MemberData(nameof(Branches))]
    [Trait("Feature", "SHL-09")]
    public async Task A_shell_with_too_many_processes_loses_the_command_that_has_them(bool groups)
    {
        await using var service = new RemoteService(new ShellOptions { MaxProcessesPerShell = 40 }, starter: Starter(groups));
        var shell = await service.OpenAsync();
        var small = await service.StartAsync(shell, "cat");
        var bomb = await service.StartAsync(shell, "b() { [ $1 = 0 ] || { b $(($1-1)) & b $(($1-1)) & }; sleep 6711; }; b 6");

        var fault = await service.FaultAsync(RemoteService.Headers(Actions.Receive, shell), new Receive(["stdout"]) { CommandId = bomb });

        Assert.Equal(FaultCatalog.QuotaLimit.Code, fault.Code);
        Assert.Contains("MaxProcessesPerShell", fault.Message, StringComparison.Ordinal);
        await GoneAsync("sleep 6711");
        await service.SendAsync(shell, small, "still here", end: true);
        Assert.Equal("still here", (await service.FinishAsync(shell, small)).Text);
    }

    [Theory]
    [MemberData(nameof(Branches))]
    [Trait("Feature", "SHL-09")]
    public async Task A_shell_that_has_its_processes_starts_no_command_more(bool groups)
    {
        await using var service = new RemoteService(new ShellOptions { MaxProcessesPerShell = 3 }, starter: Starter(groups));
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "sleep 6712 & sleep 6712 & echo ready; wait");
        await service.ReceiveAsync(shell, command);

        var fault = await service.FaultAsync(RemoteService.Headers(Actions.Command, shell), new CommandLine("true", []));
        await service.SignalAsync(shell, command, ShellNames.Terminate);

        Assert.Equal(FaultCatalog.CommandsQuotaPerShell.Code, fault.Code);
        Assert.Equal(0, (await service.RunAsync(shell, "true")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Branches))]
    [Trait("Feature", "SHL-09")]
    public async Task A_shell_with_too_much_memory_loses_the_command_that_has_it(bool groups)
    {
        await using var service = new RemoteService(new ShellOptions { MaxMemoryPerShellBytes = 48 * 1024 * 1024 }, starter: Starter(groups));
        var shell = await service.OpenAsync();

        // Each stays below what one process may have; together they do not. tail keeps what it has read until its input ends.
        var command = await service.StartAsync(shell, "for i in 1 2 3; do { head -c 25000000 /dev/zero; sleep 6713; } | tail -c 25000000 >/dev/null & done; wait");
        var fault = await service.FaultAsync(RemoteService.Headers(Actions.Receive, shell), new Receive(["stdout"]) { CommandId = command });

        Assert.Equal(FaultCatalog.QuotaLimit.Code, fault.Code);
        Assert.Contains("MaxMemoryPerShellMB", fault.Message, StringComparison.Ordinal);
        await GoneAsync("sleep 6713");
    }

    [Fact]
    [Trait("Feature", "SHL-09")]
    public async Task One_process_cannot_have_more_than_its_shell()
    {
        await using var service = new RemoteService(new ShellOptions { MaxMemoryPerShellBytes = 32 * 1024 * 1024 }, starter: AnyAccountStarter.Watched);
        var shell = await service.OpenAsync();

        var outcome = await service.RunAsync(shell, "ulimit -d; dd if=/dev/zero of=/dev/null bs=64M count=1 2>&1 | tail -1");

        Assert.Matches("^32768\n.*(exhausted|allocate).*\n$", outcome.Text);
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public async Task Who_leaves_session_and_parents_ends_with_the_command(bool groups)
    {
        await using var service = new RemoteService(starter: Starter(groups));
        var shell = await service.OpenAsync();
        var environment = groups ? "env -i " : ""; // without a group the variable is the last trace
        var command = await service.StartAsync(shell, $"(setsid {environment}sh -c 'setsid sleep 6714 & exit' &) ; until pgrep -fx 'sleep 6714' >/dev/null; do :; done; echo ready");
        await service.ReceiveAsync(shell, command);

        await service.SignalAsync(shell, command, ShellNames.Terminate);

        Assert.Empty(CommandShellTests.Processes("sleep 6714"));
    }

    private static AnyAccountStarter Starter(bool groups)
    {
        Assert.SkipWhen(groups && !ProcessLimits.HasControlGroups, "no control group can be made here");
        return groups ? new AnyAccountStarter() : AnyAccountStarter.Watched;
    }

    private static async Task GoneAsync(string line)
    {
        while (CommandShellTests.Processes(line).Count > 0)
        {
            await Task.Delay(10);
        }
    }
}

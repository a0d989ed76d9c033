using Farwire.Client.Shells;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Client.Tests.Shells;

public sealed class RemoteShellTests
{
    [Fact]
    public async Task A_command_gives_its_output_its_errors_and_its_code()
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync();

        var outcome = await shell.RunAsync("cat; printf oops >&2; exit 5", "grüße"u8.ToArray());

        Assert.Equal("grüße", outcome.StandardOutput);
        Assert.Equal("oops", outcome.StandardError);
        Assert.Equal(5, outcome.ExitCode);
    }

    [Fact]
    public async Task A_shell_serves_many_commands_and_is_gone_when_disposed()
    {
        await using var service = new ShellService();
        await using (var shell = await service.Client.OpenShellAsync(new ShellSettings { WorkingDirectory = "/usr", Environment = [KeyValuePair.Create("A", "1")] }))
        {
            for (var i = 0; i < 60; i++) // more than a shell may have at once
            {
                Assert.Equal("/usr 1\n", (await shell.RunAsync("echo $(pwd) $A")).StandardOutput);
            }

            Assert.Equal(1, service.Shells.OpenShells);
        }

        Assert.Equal(0, service.Shells.OpenShells);
    }

    [Fact]
    public async Task The_streams_of_a_command_are_those_of_a_process()
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync();
        await using var command = await shell.StartAsync("while read line; do echo \"<$line>\"; done; echo done >&2; exit 3");
        using var output = new StreamReader(command.StandardOutput.AsStream());
        using var errors = new StreamReader(command.StandardError.AsStream());
        await using (var input = new StreamWriter(command.StandardInput))
        {
            await input.WriteLineAsync("a");
            await input.FlushAsync();
            Assert.Equal("<a>", await output.ReadLineAsync());
            await input.WriteLineAsync("b");
        }

        Assert.Equal("<b>", await output.ReadLineAsync());
        Assert.Equal("done\n", await errors.ReadToEndAsync());
        Assert.Equal(3, await command.Exit);
        Assert.Throws<InvalidOperationException>(() => command.ReadOutputAsync().GetAsyncEnumerator().MoveNextAsync().AsTask().GetAwaiter().GetResult());
    }

    [Fact]
    public async Task Big_input_comes_back_whole()
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync();
        var bytes = new byte[4_000_000];
        new Random(2).NextBytes(bytes);

        var outcome = await shell.RunAsync("cat", bytes);

        Assert.True(outcome.Output.Span.SequenceEqual(bytes));
    }

    [Fact]
    public async Task A_poll_whose_time_is_over_is_asked_again()
    {
        var polls = 0;
        await using var service = new ShellService(
            operationTimeout: TimeSpan.FromMilliseconds(20),
            between: channel => new CountingChannel(channel, headers => polls += headers.Action == Actions.Receive ? 1 : 0));
        await using var shell = await service.Client.OpenShellAsync();
        await using var command = await shell.StartAsync("read line; echo $line");
        using var output = new StreamReader(command.StandardOutput.AsStream());
        while (polls < 3)
        {
            await Task.Yield();
        }

        await command.StandardInput.WriteAsync("late\n"u8.ToArray());

        Assert.Equal("late\n", await output.ReadToEndAsync());
        Assert.Equal(0, await command.Exit);
    }

    [Fact]
    [Trait("Feature", "CAP-03")]
    public async Task Cancelled_a_command_and_all_it_started_is_ended()
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync();
        using var stop = new CancellationTokenSource();
        var file = Path.GetTempFileName();
        var run = shell.RunAsync($"(setsid sleep 7541 &); echo $$ > {file}; sleep 7542", cancellationToken: stop.Token);
        string id;
        while ((id = await File.ReadAllTextAsync(file)).Length == 0)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        File.Delete(file);
        Assert.False(Directory.Exists("/proc/" + id.Trim()));
        Assert.Equal("still here\n", (await shell.RunAsync("echo still here")).StandardOutput);
    }

    [Fact]
    public async Task A_shell_whose_opening_was_called_off_does_not_stay_behind()
    {
        using var stop = new CancellationTokenSource();
        await using var service = new ShellService(between: channel => new CountingChannel(channel, _ => stop.Cancel()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.Client.OpenShellAsync(cancellationToken: stop.Token));

        Assert.Equal(0, service.Shells.OpenShells);
    }

    [Fact]
    public async Task Ids_of_the_clients_choice_are_kept()
    {
        await using var service = new ShellService();
        var (shellId, commandId) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());

        await using var shell = await service.Client.OpenShellAsync(new ShellSettings { ShellId = shellId });
        await using var command = await shell.StartAsync("true", settings: new CommandSettings { CommandId = commandId });

        Assert.Equal(shellId, shell.Id);
        Assert.Equal(commandId, command.Id);
    }

    [Fact]
    public async Task A_program_starts_without_the_interpreter_when_asked()
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync();

        var outcome = await shell.RunAsync("printf %s $HOME", settings: new CommandSettings { SkipInterpreter = true });
        var missing = await Assert.ThrowsAsync<WSManFaultException>(() => shell.RunAsync("/no/such/program", settings: new CommandSettings { SkipInterpreter = true }));

        Assert.Equal("$HOME", outcome.StandardOutput);
        Assert.Equal(2147942402u, missing.Fault.Code);
    }

    [Theory]
    [InlineData(ShellSignal.CtrlC, 130)]
    [InlineData(ShellSignal.CtrlBreak, 143)]
    public async Task Signals_reach_the_command(ShellSignal signal, int code)
    {
        await using var service = new ShellService();
        await using var shell = await service.Client.OpenShellAsync();
        await using var command = await shell.StartAsync("exec cat");
        await command.StandardInput.WriteAsync("ready"u8.ToArray());
        var output = command.StandardOutput;
        output.AdvanceTo((await output.ReadAsync()).Buffer.End);

        await command.SignalAsync(signal);

        Assert.Equal(code, await command.Exit);
    }

    private sealed class CountingChannel(IMessageChannel inner, Action<MessageHeaders> seen) : IMessageChannel
    {
        public IAsyncEnumerable<ReceivedReply> SendAsync(Request request, CancellationToken cancellationToken)
        {
            seen(request.Headers);
            return inner.SendAsync(request, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.PowerShell;
using Farwire.CommandLine.WinRs;

namespace Farwire.CommandLine.Run;

/// <summary><c>farwire run</c>: a command on one computer as if it were here, or on many at the same time.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client; tests put a loopback in.</param>
/// <param name="time">The clock of the table.</param>
public sealed class RunCommand(Terminal terminal, Func<WSManConnectionOptions, WSManClient>? connect = null, TimeProvider? time = null)
{
    private readonly Func<WSManConnectionOptions, WSManClient> _connect = connect ?? (options => new WSManClient(options));

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    /// <param name="arguments">The words after the verb.</param>
    /// <param name="interrupted">The first Ctrl-C: goes to the remote command when there is one, ends the run over many.</param>
    /// <param name="stop">The second: ends all.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken interrupted, CancellationToken stop)
    {
        RunLine? line = null;
        var boundary = new VerbBoundary(terminal, "run");
        var code = await boundary.RunAsync(
            async () =>
            {
                line = RunLine.Read(arguments);
                boundary.Json = line?.Json == true;
                if (line is null)
                {
                    terminal.Output.WriteLine(RunHelp.Text);
                    return ExitCode.Done;
                }

                return await RunAsync(line, boundary, interrupted, stop).ConfigureAwait(false);
            },
            interrupted).ConfigureAwait(false);
        return line?.Nagios == true ? NagiosCode.Of(code) : code;
    }

    private async Task<int> RunAsync(RunLine line, VerbBoundary boundary, CancellationToken interrupted, CancellationToken stop)
    {
        using var connections = new HostConnections(line.Switches, terminal);
        var hosts = connections.Hosts();
        if (line.Limit is { } limit)
        {
            var wanted = HostList.Parse(limit).Select(host => host.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            hosts = [.. hosts.Where(host => wanted.Contains(host.Name))];
            _ = hosts.Count > 0 ? 0 : throw new UsageException($"--limit {limit} leaves no host.");
        }

        if (hosts.Count > 1)
        {
            return line.Switches.Has("--tty")
                ? throw new UsageException("--tty goes with one host.")
                : await new FanOut(terminal, line, Work(line), connections, _connect, time ?? TimeProvider.System).RunAsync(hosts, interrupted).ConfigureAwait(false);
        }

        try
        {
            var options = await connections.OptionsAsync(hosts[0], interrupted).ConfigureAwait(false);
            return CommandRun.ToExitStatus(line.IsPowerShell
                ? await PowerShellAsync(line, options, interrupted, stop).ConfigureAwait(false)
                : await new CommandRun(terminal, _connect, "farwire run").RunAsync(line.For(options), interrupted, stop).ConfigureAwait(false));
        }
        catch (Exception e) when (line.Nagios && Failure.IsKnown(e))
        {
            // A monitoring system reads one line of standard output.
            terminal.Output.WriteLine($"UNKNOWN - {e.Message.ReplaceLineEndings(" ")}");
            return NagiosCode.Unknown;
        }
    }

    private IHostWork Work(RunLine line) => line.IsPowerShell ? new PowerShellWork(line.ForPowerShell(terminal)) : new CommandWork(line.Shell, line.Command);

    private async Task<int> PowerShellAsync(RunLine line, WSManConnectionOptions options, CancellationToken interrupted, CancellationToken stop)
    {
        var pipeline = line.ForPowerShell(terminal);
        using var deadline = new CancellationTokenSource(line.Deadline ?? Timeout.InfiniteTimeSpan);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        await using var client = _connect(options);
        return await new PowerShellRun(terminal, client).RunAsync(pipeline, interrupted, end.Token).ConfigureAwait(false);
    }
}

using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.Linux.Terminals;

namespace Farwire.CommandLine.WinRs;

/// <summary>One command on one machine, with the streams and the exit code of this process.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
/// <param name="connect">Makes the client.</param>
/// <param name="name">What to call ourselves in messages.</param>
internal sealed class CommandRun(Terminal terminal, Func<WSManConnectionOptions, WSManClient> connect, string name)
{
    /// <summary>The code after a time that was given is over, as timeout(1) has it.</summary>
    private const int TimedOut = 124;

    /// <summary>
    /// The part of a 32-bit code that a process of this system can return. Windows returns all of it; elsewhere it is cut to eight bits, and a
    /// failure whose eight bits are zero must not become a success.
    /// </summary>
    public static int ToExitStatus(int code) => OperatingSystem.IsWindows() || code == 0 || (code & 0xFF) != 0 ? code : 0xFF;

    /// <summary>Runs it, and answers its code, all 32 bits.</summary>
    public async Task<int> RunAsync(WinRsLine line, CancellationToken interrupted, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(line.Deadline ?? Timeout.InfiniteTimeSpan);
        using var silence = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token, silence.Token);
        try
        {
            return await RunAsync(line, () => silence.CancelAfter(line.IdleTimeout ?? Timeout.InfiniteTimeSpan), interrupted, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            terminal.Errors.WriteLine($"{name}: the command did not end within {line.Deadline!.Value.TotalSeconds:0.###} s (--deadline); it was ended.");
            return TimedOut;
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            terminal.Errors.WriteLine($"{name}: the command said nothing for {line.IdleTimeout!.Value.TotalSeconds:0.###} s (--idle-timeout); it was ended.");
            return TimedOut;
        }
    }

    private async Task<int> RunAsync(WinRsLine line, Action heard, CancellationToken interrupted, CancellationToken stop)
    {
        await using var client = connect(line.Connection);

        // Until the command runs there is nobody to tell: the first Ctrl-C ends all.
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(interrupted, stop);
        if (line.Tty)
        {
            await RemoteTerminal.CheckAsync(client, starting.Token).ConfigureAwait(false);
        }

        await using var shell = await client.OpenShellAsync(Surroundings(line), starting.Token).ConfigureAwait(false);
        var (columns, rows) = line.Tty ? terminal.Size() : default;
        var command = await shell.StartAsync(
            line.Tty ? RemoteTerminal.Around(line.Command, columns, rows) : line.Command, cancellationToken: starting.Token).ConfigureAwait(false);
        using var mode = line.Tty ? TerminalMode.Raw() : line.NoEcho ? TerminalMode.WithoutEcho() : null;
        var streams = new CommandStreams(terminal, command, heard, name, line.Tty ? null : line.Shell.OemCodePage);
        heard(); // silence counts from the command's start
        await using var told = interrupted.Register(() => _ = streams.InterruptAsync(stop)).ConfigureAwait(false);
        var code = await streams.RunAsync(line.Json, stop).ConfigureAwait(false);
        await shell.CloseAsync(stop).ConfigureAwait(false);
        return code;
    }

    // Programs at a terminal ask what kind it is.
    private ShellSettings Surroundings(WinRsLine line) => line.Tty && line.Shell.Environment.All(v => v.Key != "TERM")
        ? line.Shell with { Environment = [.. line.Shell.Environment, KeyValuePair.Create("TERM", terminal.Environment("TERM") ?? "dumb")] }
        : line.Shell;
}

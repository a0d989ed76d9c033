using Farwire.Client;
using Farwire.Client.Shells;
using Farwire.CommandLine.WinRs;
using Farwire.Linux.Terminals;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>A session with the command interpreter of the other side: at a terminal of its own where the system has some, else line by line.</summary>
internal sealed class PlainSession(Terminal terminal)
{
    public async Task<int> RunAsync(WSManClient client, Func<CancellationToken> interrupted, CancellationToken stop)
    {
        var vendor = (await client.IdentifyAsync(stop).ConfigureAwait(false)).ProductVendor;
        var isWindows = vendor.Contains("Microsoft", StringComparison.OrdinalIgnoreCase);
        var atTerminal = terminal.InputIsTerminal && !isWindows;
        var settings = new ShellSettings { Environment = atTerminal ? [KeyValuePair.Create("TERM", terminal.Environment("TERM") ?? "dumb")] : [] };
        await using var shell = await client.OpenShellAsync(settings, stop).ConfigureAwait(false);
        var (columns, rows) = terminal.Size();
        var line = isWindows ? "cmd.exe" : atTerminal ? RemoteTerminal.Around("exec \"${SHELL:-/bin/sh}\" -l", columns, rows) : "exec \"${SHELL:-/bin/sh}\"";
        await using var command = await shell.StartAsync(line, cancellationToken: stop).ConfigureAwait(false);
        using var mode = atTerminal ? TerminalMode.Raw() : null;
        var streams = new CommandStreams(terminal, command, static () => { }, "farwire shell");
        await using var told = interrupted().Register(() => _ = streams.InterruptAsync(stop)).ConfigureAwait(false);
        return CommandRun.ToExitStatus(await streams.RunAsync(json: false, stop).ConfigureAwait(false));
    }
}

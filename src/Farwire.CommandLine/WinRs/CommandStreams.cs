using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.WinRs;

/// <summary>The streams of this process joined to those of a remote command: every byte as it comes.</summary>
internal sealed class CommandStreams(Terminal terminal, RemoteCommand command)
{
    private const int ReadBytes = 256 * 1024;

    /// <summary>Runs until the command has ended, and answers its code.</summary>
    public async Task<int> RunAsync(bool json, CancellationToken stop)
    {
        // Reading from a terminal cannot be called off: what still waits there when the command has ended is left to the process's end.
        _ = Task.Run(() => FeedAsync(stop), CancellationToken.None);
        using var output = terminal.OpenOutput();
        using var errors = terminal.OpenErrors();
        var pieces = json ? new JsonPieces(output) : null;
        await foreach (var piece in command.ReadOutputAsync(stop).ConfigureAwait(false))
        {
            if (pieces is not null)
            {
                pieces.Write(piece);
                continue;
            }

            var to = piece.Name.Equals("stderr", StringComparison.OrdinalIgnoreCase) ? errors : output;
            await to.WriteAsync(piece.Data, stop).ConfigureAwait(false);
            await to.FlushAsync(stop).ConfigureAwait(false);
        }

        var code = await command.Exit.ConfigureAwait(false);
        pieces?.End(code);
        return code;
    }

    /// <summary>Passes Ctrl-C on.</summary>
    public async Task InterruptAsync(CancellationToken stop)
    {
        try
        {
            await command.SignalAsync(ShellSignal.CtrlC, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException)
        {
            terminal.Errors.WriteLine($"winrs: the remote command could not be told of Ctrl-C: {e.Message} Press it again to end winrs.");
        }
        catch (OperationCanceledException)
        {
            // The second Ctrl-C came first.
        }
    }

    private async Task FeedAsync(CancellationToken stop)
    {
        try
        {
            using var input = terminal.OpenInput();
            var buffer = new byte[ReadBytes];
            while (await input.ReadAsync(buffer, stop).ConfigureAwait(false) is > 0 and var count)
            {
                await command.StandardInput.WriteAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
            }

            await command.StandardInput.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or IOException or OperationCanceledException)
        {
            // The command has ended, or the way to it is broken, and then its output ends with the reason.
        }
    }
}

using Farwire.Client.Shells;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.ShellApi;

/// <summary>A command that runs in a shell.</summary>
public sealed class ApiCommand
{
    private readonly ApiShell _shell;
    private readonly RemoteCommand _command;

    internal ApiCommand(ApiShell shell, RemoteCommand command) => (_shell, _command) = (shell, command);

    /// <summary>The command's id in its shell.</summary>
    public string Id => _command.Id;

    /// <summary>Reads the output to its end: the callback hears each piece, the end of each stream, and at last the command's code.</summary>
    [WSManFunction("WSManReceiveShellOutput")]
    public ApiOperation ReceiveOutput(ShellCallback callback) => _shell.Start(callback, async (operation, closed) =>
    {
        var isFirst = _shell.TellsFirstReceive;
        ReceiveResponse? last = null;
        await foreach (var response in new OutputPolls(_shell.Shell, Id).RunAsync(closed).ConfigureAwait(false))
        {
            if (isFirst)
            {
                operation.Tell(new CallbackEvent(CallbackFlags.ReceiveDelayProcessed, operation) { Shell = _shell, Command = this });
                isFirst = false;
            }

            foreach (var piece in response.Streams)
            {
                operation.Tell(new CallbackEvent(piece.End ? CallbackFlags.EndOfStream : CallbackFlags.None, operation)
                {
                    Shell = _shell, Command = this, Data = piece, CommandState = response.State,
                });
            }

            last = response;
        }

        return new CallbackEvent(CallbackFlags.None, operation) { Command = this, CommandState = last?.State, ExitCode = last?.ExitCode };
    });

    /// <summary>Writes input; the callback hears it when the service has taken it.</summary>
    [WSManFunction("WSManSendShellInput")]
    public ApiOperation SendInput(string stream, ReadOnlyMemory<byte> data, bool endOfStream, ShellCallback callback) => _shell.Start(callback, async (operation, closed) =>
    {
        if (!stream.Equals("stdin", StringComparison.OrdinalIgnoreCase))
        {
            await CommandInput.SendAsync(_shell.Shell, new StreamData(stream, data) { CommandId = Id, End = endOfStream }, closed).ConfigureAwait(false);
            return new CallbackEvent(CallbackFlags.None, operation) { Command = this };
        }

        await _command.StandardInput.WriteAsync(data, closed).ConfigureAwait(false);
        if (endOfStream)
        {
            await _command.StandardInput.DisposeAsync().ConfigureAwait(false);
        }

        return new CallbackEvent(CallbackFlags.None, operation) { Command = this };
    });

    /// <summary>Sends a signal by its URI; a plug-in may have signals of its own.</summary>
    [WSManFunction("WSManSignalShell")]
    public ApiOperation Signal(string code, ShellCallback callback) => _shell.Start(callback, async (operation, closed) =>
    {
        using var reply = await _shell.Shell.AskAsync(Actions.Signal, new Signal(code) { CommandId = Id }, OptionSet.Empty, closed).ConfigureAwait(false);
        return new CallbackEvent(CallbackFlags.None, operation) { Command = this };
    });

    /// <summary>Returns to the command, after its shell was returned to.</summary>
    [WSManFunction("WSManReconnectShellCommand")]
    public ApiOperation Reconnect(ShellCallback callback) => _shell.Start(callback, async (operation, closed) =>
    {
        using var reply = await _shell.Shell.AskAsync(Actions.Reconnect, new Reconnect { CommandId = Id }, OptionSet.Empty, closed).ConfigureAwait(false);
        return new CallbackEvent(CallbackFlags.None, operation) { Command = this };
    });

    /// <summary>Ends the command, or lets the service forget one that has ended.</summary>
    [WSManFunction("WSManCloseCommand")]
    public ApiOperation Close(ShellCallback callback) => _shell.Start(callback, async (operation, _) =>
    {
        await _command.DisposeAsync().ConfigureAwait(false);
        return new CallbackEvent(CallbackFlags.None, operation) { Command = this };
    });
}

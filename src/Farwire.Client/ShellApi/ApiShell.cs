using Farwire.Client.Robust;
using Farwire.Client.Shells;
using Farwire.Protocol.Shell;

namespace Farwire.Client.ShellApi;

/// <summary>An open shell.</summary>
public sealed class ApiShell
{
    private readonly ShellFlags _flags;

    internal ApiShell(ApiSession session, RemoteShell shell, ShellFlags flags, IReadOnlyList<string> outputStreams)
    {
        (Session, Shell, _flags, OutputStreams) = (session, shell, flags, outputStreams);
        session.Opened();
    }

    /// <summary>The shell's id on the service.</summary>
    public string Id => Shell.Id;

    internal ApiSession Session { get; }

    internal RemoteShell Shell { get; }

    internal IReadOnlyList<string> OutputStreams { get; }

    internal bool TellsFirstReceive => _flags.HasFlag(ShellFlags.ReceiveDelay);

    /// <summary>Starts a command; the callback hears it with the end of the operation.</summary>
    [WSManFunction("WSManRunShellCommand")]
    [WSManFunction("WSManRunShellCommandEx")]
    public ApiOperation RunCommand(string commandLine, IReadOnlyList<string>? arguments, CommandSettings? options, ShellCallback callback, string? commandId = null) =>
        Start(callback, async (operation, closed) => new CallbackEvent(CallbackFlags.None, operation)
        {
            Command = new ApiCommand(this, await Shell.StartAsync(commandLine, arguments, (options ?? CommandSettings.Default) with { CommandId = commandId ?? options?.CommandId }, closed).ConfigureAwait(false)),
        });

    /// <summary>Takes over a command, after the shell was connected to.</summary>
    [WSManFunction("WSManConnectShellCommand")]
    public ApiOperation ConnectCommand(string commandId, ShellCallback callback) => Start(callback, async (operation, closed) =>
        new CallbackEvent(CallbackFlags.None, operation) { Command = new ApiCommand(this, await Shell.ConnectCommandAsync(commandId, closed).ConfigureAwait(false)) });

    /// <summary>Leaves the shell: input that is on its way arrives first, and commands run on.</summary>
    [WSManFunction("WSManDisconnectShell")]
    public ApiOperation Disconnect(TimeSpan? idleTimeout, ShellCallback callback) => Start(callback, async (operation, closed) =>
    {
        await Shell.SendTurn.WaitAsync(closed).ConfigureAwait(false);
        Shell.SendTurn.Release();
        var mode = _flags.HasFlag(ShellFlags.BufferingDrop) ? BufferMode.Drop : _flags.HasFlag(ShellFlags.BufferingBlock) ? BufferMode.Block : (BufferMode?)null;
        await Shell.DisconnectAsync(idleTimeout, mode, closed).ConfigureAwait(false);
        return new CallbackEvent(CallbackFlags.None, operation);
    });

    /// <summary>Returns to the shell, from the client that left it; who reads output of its commands goes on.</summary>
    [WSManFunction("WSManReconnectShell")]
    public ApiOperation Reconnect(ShellCallback callback) => Start(callback, async (operation, closed) =>
    {
        await Shell.ReconnectAsync(closed).ConfigureAwait(false);
        return new CallbackEvent(CallbackFlags.None, operation);
    });

    /// <summary>Closes the shell with all that runs in it. One that was left lives on, unless <see cref="ShellFlags.DeleteServerSession"/> was given.</summary>
    [WSManFunction("WSManCloseShell")]
    public ApiOperation Close(ShellCallback callback) => Start(callback, async (operation, closed) =>
    {
        Session.Closed();
        if (!Shell.IsDisconnected || _flags.HasFlag(ShellFlags.DeleteServerSession))
        {
            await Shell.CloseAsync(closed).ConfigureAwait(false);
        }

        return new CallbackEvent(CallbackFlags.None, operation);
    });

    /// <summary>An operation of this shell; what happens to the way is told to its callback too.</summary>
    internal ApiOperation Start(ShellCallback callback, Func<ApiOperation, CancellationToken, Task<CallbackEvent>> work) => ApiOperation.Start(Session.Api, callback, async (operation, closed) =>
    {
        void Tell(ConnectionEvent what) => operation.Tell(new CallbackEvent((CallbackFlags)what, operation) { Shell = this });
        Shell.ConnectionChanged += Tell;
        try
        {
            var last = await Session.HearingAsync(() => work(operation, closed)).ConfigureAwait(false);
            return last with { Shell = this };
        }
        finally
        {
            Shell.ConnectionChanged -= Tell;
        }
    });
}

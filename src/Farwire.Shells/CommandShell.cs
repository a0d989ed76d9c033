using System.Globalization;
using Farwire.Processes;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Protocol.Compression;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Service.Plugins;
using Farwire.Service.Resources;
using Farwire.Shells.Commands;
using Farwire.Shells.Plugins;
using Farwire.Shells.PowerShell;

namespace Farwire.Shells;

/// <summary>The shell <c>…/windows/shell/cmd</c>: commands run by <c>/bin/sh</c> as the caller's account.</summary>
/// <remarks>
/// MS-WSMV, "Remote shells". Streams carry the bytes that the programs write; UTF-8 (code page 65001) is what they mean, whatever code page the
/// client names. A command that a signal ended has the exit code 128 and the signal's number. Without WINRS_NOPROFILE=FALSE no profile is read.
/// </remarks>
public sealed class CommandShell : IDisconnectableShellResource, IAsyncDisposable
{
    /// <summary>What an envelope needs beside streams and the echoed message id.</summary>
    private const int EnvelopeBytes = 3072;

    private readonly TimeProvider _time;
    private readonly IProgramStarter _starter;
    private readonly ShellTable _shells = new();
    private readonly QuotaWatch _watch;
    private volatile ShellOptions _options;

    /// <summary>A command shell without open shells.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock of idle times.</param>
    /// <param name="starter">Starts the programs; without one they run as the account of the service, for callers who are that account.</param>
    public CommandShell(ShellOptions? options = null, TimeProvider? time = null, IProgramStarter? starter = null)
    {
        _options = options ?? new ShellOptions();
        _time = time ?? TimeProvider.System;
        _starter = starter ?? new OwnAccountStarter();
        _watch = new QuotaWatch(() => _shells.Of(owner: null), _time);
    }

    /// <summary>The limits. A shell that is open keeps those it was opened under.</summary>
    public ShellOptions Options
    {
        get => _options;
        set => _options = value;
    }

    /// <summary>Shells that are open now.</summary>
    public int OpenShells => _shells.Of(owner: null).Length;

    /// <summary>Adds this shell, and the list of open shells, to a catalog.</summary>
    public void AddTo(ResourceCatalog catalog) =>
        catalog.Add(ResourceUris.CommandShell, this)
            .Add(new CustomShells(this))
            .Add((IResourceProvider)new PowerShellEndpoint(_shells, Host))
            .Add(ResourceUris.Shell, new ShellListResource(_shells))
            .Add(ResourceUris.ShellCommand, new CommandListResource(_shells));

    /// <summary>Adds the shells of plug-ins. They are listed, left, taken over and ended like the others.</summary>
    public void AddTo(ResourceCatalog catalog, PluginCatalog plugins) => catalog.Add((IResourceProvider)new PluginShellEndpoint(plugins, _shells, Host));

    /// <inheritdoc/>
    public bool AcceptsOption(string name) =>
        name.ToUpperInvariant() is ShellNames.NoProfile or ShellNames.CodePage or ShellNames.ConsoleModeStdin or ShellNames.SkipCmdShell or ShellNames.KeepAlive;

    /// <inheritdoc/>
    public async ValueTask<ShellInstance> CreateAsync(OperationContext context, CreateShell request)
    {
        if (!_options.AllowRemoteShellAccess)
        {
            throw FaultCatalog.ShellsDisabled.Fault();
        }

        if (request.ShellId is { } id && !Guid.TryParse(id, out _))
        {
            throw FaultCatalog.ShellIdInvalid.Fault($"ShellId is a GUID, not '{id}'.");
        }

        // What another account can see, only that account can tell.
        if (request.WorkingDirectory is { Length: > 0 } directory && context.Caller.Account == Environment.UserName && !Directory.Exists(directory))
        {
            throw FaultCatalog.InvalidParameter.Fault($"the working directory '{directory}' does not exist.");
        }

        if (context.Options[ShellNames.CodePage] is { } page && !int.TryParse(page.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw FaultCatalog.OptionInvalidValue.Fault($"{ShellNames.CodePage} is a number, not '{page}'.");
        }

        if (context.Headers.CompressionType is { } compression && !compression.Equals(XpressStream.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw FaultCatalog.InvalidParameter.Fault($"the compression '{compression}' is not known; '{XpressStream.Name}' is.");
        }

        var shell = new OpenCommandShell(
            request.ShellId ?? OpenShell.NewId(),
            context,
            request with { WorkingDirectory = request.WorkingDirectory is "" ? null : request.WorkingDirectory },
            Host(),
            await TicketCache.KeepAsync(_starter, context.Caller, context.Cancellation).ConfigureAwait(false),
            Expire);
        try
        {
            _shells.Add(shell, _options);
        }
        catch
        {
            await shell.EndAsync().ConfigureAwait(false);
            throw;
        }

        return shell.Describe();
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResponse> CommandAsync(OperationContext context, CommandLine request)
    {
        if (request.CommandId is { } id && !Guid.TryParse(id, out _))
        {
            throw FaultCatalog.CommandIdInvalid.Fault($"CommandId is a GUID, not '{id}'.");
        }

        var shell = Find(context);
        shell.BeginUse();
        try
        {
            var command = await shell.StartAsync(request, context.Options).ConfigureAwait(false);
            return new CommandResponse(command.Id);
        }
        finally
        {
            shell.EndUse();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SendResponse> SendAsync(OperationContext context, Send request)
    {
        var shell = Find(context);
        shell.BeginUse();
        try
        {
            foreach (var pieces in request.Streams.GroupBy(piece => piece.CommandId, StringComparer.OrdinalIgnoreCase))
            {
                if (pieces.FirstOrDefault(piece => !piece.Name.Equals(StreamNames.Input, StringComparison.OrdinalIgnoreCase)) is { } other)
                {
                    throw FaultCatalog.InvalidParameter.Fault($"input goes to '{StreamNames.Input}', not to '{other.Name}'.");
                }

                var plain = shell.IsCompressed ? pieces.Select(Decompressed) : pieces;
                await Find(shell, pieces.Key).SendAsync([.. plain], context.Cancellation).ConfigureAwait(false);
            }

            return new SendResponse();
        }
        finally
        {
            shell.EndUse();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReceiveResponse> ReceiveAsync(OperationContext context, Receive request)
    {
        var shell = Find(context);
        shell.BeginUse();
        try
        {
            var wanted = request.Streams.Count == 0
                ? shell.OutputStreams
                : [.. request.Streams.Where(shell.OutputStreams.Has)]; // undeclared ones are left out
            var room = context.MaxEnvelopeBytes - EnvelopeBytes - (3 * (context.Headers.MessageId?.Length ?? 0)); // a character may be three bytes
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation, shell.Disconnected);
            var response = await Find(shell, request.CommandId).ReceiveAsync(wanted, room, waiting.Token).ConfigureAwait(false);
            return shell.IsCompressed ? response with { Streams = [.. response.Streams.Select(Compressed)] } : response;
        }
        catch (OperationCanceledException) when (shell.IsDisconnected && !context.ClientGone.IsCancellationRequested)
        {
            throw FaultCatalog.ShellDisconnected.Fault();
        }
        finally
        {
            shell.EndUse();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SignalResponse> SignalAsync(OperationContext context, Signal request)
    {
        var shell = Find(context);
        shell.BeginUse();
        try
        {
            var command = Find(shell, request.CommandId);
            if (Is(request.Code, ShellNames.Terminate))
            {
                await shell.EndAsync(command).ConfigureAwait(false);
            }
            else if (Is(request.Code, ShellNames.CtrlC))
            {
                command.Signal(ProcessSignal.Interrupt);
            }
            else if (Is(request.Code, ShellNames.CtrlBreak))
            {
                command.Signal(ProcessSignal.Terminate); // Ctrl-Break ends what handles Ctrl-C
            }
            else
            {
                throw FaultCatalog.InvalidParameter.Fault($"the shell does not know the signal '{request.Code}'.");
            }

            return new SignalResponse();
        }
        finally
        {
            shell.EndUse();
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(OperationContext context) => _shells.DeleteAsync(context);

    /// <inheritdoc/>
    public ValueTask DisconnectAsync(OperationContext context, Disconnect request)
    {
        Find(context).Disconnect(request);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReconnectAsync(OperationContext context, Reconnect request)
    {
        var shell = Find(context);
        if (request.CommandId is { } id)
        {
            shell.BeginUse(); // its commands come back with it, and not before
            shell.EndUse();
            Find(shell, id);
        }
        else
        {
            shell.Reconnect(context.Headers.SessionId);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ConnectResponse> ConnectAsync(OperationContext context, Connect request)
    {
        var shell = Find(context);
        if (request.CommandId is { } id)
        {
            shell.BeginUse();
            shell.EndUse();
            Find(shell, id);
            return ValueTask.FromResult(new ConnectResponse());
        }

        shell.Connect(context.Headers.SessionId);
        return ValueTask.FromResult(new ConnectResponse { InputStreams = shell.InputStreams, OutputStreams = shell.OutputStreams });
    }

    /// <summary>Ends every shell and all that runs in it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var shell in _shells.Of(owner: null))
        {
            _shells.Remove(shell);
            await shell.EndAsync().ConfigureAwait(false);
        }

        _watch.Dispose();
    }

    private static bool Is(string code, string signal) => code.Trim().Equals(signal, StringComparison.OrdinalIgnoreCase);

    private static StreamData Compressed(StreamData piece) => piece with { Data = XpressStream.Compress(piece.Data.Span) };

    private StreamData Decompressed(StreamData piece) => piece with { Data = Host().Decompressed(piece.Data.Span) };

    private static ShellCommand Find(OpenCommandShell shell, string? commandId)
    {
        if (string.IsNullOrEmpty(commandId))
        {
            throw FaultCatalog.InvalidParameter.Fault("the command shell has streams of commands only: CommandId is missing.");
        }

        return shell.Find(commandId) ?? throw FaultCatalog.UnexpectedSelectors.Fault($"the shell has no command '{commandId}'.");
    }

    private ShellHost Host() => new(_options, _time, _starter, _watch.Wake);

    private OpenCommandShell Find(OperationContext context)
    {
        var id = context.RequireSelector(ShellNames.ShellId);
        return _shells.Find(id, context.Caller.Name) as OpenCommandShell ?? throw FaultCatalog.UnexpectedSelectors.Fault($"there is no command shell '{id}'.");
    }

    private void Expire(OpenShell shell)
    {
        if (_shells.Remove(shell))
        {
            _ = shell.EndAsync();
        }
    }
}

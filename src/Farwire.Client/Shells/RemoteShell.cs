using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Client.Robust;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Compression;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Protocol.Transfer;

namespace Farwire.Client.Shells;

/// <summary>An open shell on a remote machine. Disposing it closes it there, and ends all that runs in it.</summary>
/// <remarks>
/// MS-WSMV, "Remote shells". 1. Create. 2. Commands, each with its Receive, Send and Signal. 3. Delete. A shell nobody closes lives until its idle
/// time is over, so it is closed even when the caller gave up.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds memory alone.")]
public sealed class RemoteShell : IAsyncDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    private readonly WSManClient _client;
    private readonly RobustRequests _requests;
    private TaskCompletionSource _connected = Connected();
    private readonly ShellSettings _settings;
    private readonly EndpointReference _reference;

    private RemoteShell(WSManClient client, ShellSettings settings, EndpointReference reference, bool isRobust)
    {
        _requests = new RobustRequests(client, isRobust, Tell);
        _client = client;
        _settings = settings;
        _reference = reference;
    }

    /// <summary>The shell's id on the service.</summary>
    public string Id => _reference.Selectors[ShellNames.ShellId] ?? "";

    /// <summary>The shell is closed, or its closing was tried.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Tells what happens to the way to the shell: broken, tried again, mended, given up.</summary>
    public event Action<ConnectionEvent>? ConnectionChanged;

    /// <summary>The client has left the shell, and not come back yet.</summary>
    public bool IsDisconnected => !_connected.Task.IsCompleted;

    /// <summary>How often the client has left the shell.</summary>
    internal int Departures { get; private set; }

    internal bool IsCompressed => _settings.Compression;

    internal IReadOnlyList<string> OutputStreams => _settings.OutputStreams;

    /// <summary>Windows takes one Send at a time for all commands of a shell.</summary>
    internal SemaphoreSlim SendTurn { get; } = new(1, 1);

    internal int MaxEnvelopeBytes => _client.Options.MaxEnvelopeBytes;

    /// <summary>Starts a command.</summary>
    /// <param name="command">The program, or a whole line for the shell's interpreter.</param>
    /// <param name="arguments">What follows it: joined by blanks, not quoted.</param>
    /// <param name="settings">How it starts.</param>
    /// <param name="cancellationToken">Gives up the start; a started command is ended by disposing it.</param>
    public async Task<RemoteCommand> StartAsync(
        string command, IReadOnlyList<string>? arguments = null, CommandSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= CommandSettings.Default;
        var options = settings.Options ?? OptionSet.Of(
            new Option(ShellNames.ConsoleModeStdin, Text(settings.ConsoleInput)), new Option(ShellNames.SkipCmdShell, Text(settings.SkipInterpreter)));
        var line = new CommandLine(command, arguments ?? []) { CommandId = settings.CommandId };
        return await MadeAsync(AskAsync(Actions.Command, line, options, CancellationToken.None), Started, cancellationToken).ConfigureAwait(false);

        RemoteCommand Started(ReceivedReply reply) => new(this, CommandResponse.Read(reply.Body).CommandId);
    }

    /// <summary>Runs a command to its end and gathers its output. Cancelled, it ends the command before it throws.</summary>
    /// <param name="command">The program, or a whole line for the shell's interpreter.</param>
    /// <param name="input">What the command reads, and its end; empty sends neither, which saves a request: a command that reads all the same waits.</param>
    /// <param name="settings">How it starts.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<CommandOutcome> RunAsync(
        string command, ReadOnlyMemory<byte> input = default, CommandSettings? settings = null, CancellationToken cancellationToken = default)
    {
        await using var running = await StartAsync(command, settings: settings, cancellationToken: cancellationToken).ConfigureAwait(false);
        return await GatherAsync(running, input, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Feeds a command that runs, and gathers its output to the end.</summary>
    internal async Task<CommandOutcome> GatherAsync(RemoteCommand running, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var feeding = input.IsEmpty ? Task.CompletedTask : running.FeedAsync(input, cancellationToken);
        var output = new ArrayBufferWriter<byte>();
        var errors = new ArrayBufferWriter<byte>();
        await foreach (var piece in running.ReadOutputAsync(cancellationToken).ConfigureAwait(false))
        {
            (piece.Name.Equals("stderr", StringComparison.OrdinalIgnoreCase) ? errors : output).Write(piece.Data.Span);
        }

        // A command may end without reading all it is given; what could not be delivered then does not matter.
        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new CommandOutcome(await running.Exit.ConfigureAwait(false), output.WrittenMemory, errors.WrittenMemory)
        {
            OemCodePage = _settings.CodePage == ShellSettings.Utf8CodePage ? _settings.OemCodePage : _settings.CodePage,
        };
    }

    /// <summary>Lists the commands that the shell has.</summary>
    public IAsyncEnumerable<CommandInstance> EnumerateCommandsAsync(CancellationToken cancellationToken = default) => _client.EnumerateAsync(
        ResourceUris.ShellCommand,
        new EnumerationRequest { Filter = new Filter(Dialects.Selector) { Selectors = SelectorSet.Of((ShellNames.ShellId, Id)) } },
        CommandInstance.Read,
        cancellationToken);

    /// <summary>Leaves the shell: its commands run on, and whoever reads their output here waits for <see cref="ReconnectAsync"/>.</summary>
    /// <param name="idleTimeOut">How long it lives without a client; null keeps its idle time.</param>
    /// <param name="mode">What becomes of its output; null keeps what it has: Block, unless it was told otherwise.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WSManFaultException">Windows' command shell cannot do that (2150859205); its PowerShell can.</exception>
    public async Task DisconnectAsync(TimeSpan? idleTimeOut = null, BufferMode? mode = null, CancellationToken cancellationToken = default)
    {
        var connected = _connected;
        if (connected.Task.IsCompleted)
        {
            Departures++;
            _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            using var reply = await AskAsync(
                Actions.Disconnect, new Disconnect { IdleTimeOut = idleTimeOut, BufferMode = mode }, OptionSet.Empty, cancellationToken).ConfigureAwait(false);
            await EndAsync(reply).ConfigureAwait(false);
        }
        catch
        {
            _connected.TrySetResult();
            throw;
        }
    }

    /// <summary>Returns to the shell, from the client that left it.</summary>
    public async Task ReconnectAsync(CancellationToken cancellationToken = default)
    {
        using var reply = await AskAsync(Actions.Reconnect, new Reconnect(), OptionSet.Empty, cancellationToken).ConfigureAwait(false);
        _connected.TrySetResult();
    }

    /// <summary>Takes a command of the shell over, after <see cref="WSManClient.ConnectShellAsync"/>: its output goes on where the last client stopped.</summary>
    public async Task<RemoteCommand> ConnectCommandAsync(string commandId, CancellationToken cancellationToken = default)
    {
        using var reply = await AskAsync(Actions.Connect, new Connect { CommandId = commandId }, OptionSet.Empty, cancellationToken).ConfigureAwait(false);
        return new RemoteCommand(this, commandId);
    }

    /// <summary>Closes the shell on the service, and says so when that fails.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        try
        {
            using var reply = await _requests.RepeatAsync(About(Actions.Delete, EmptyBody.Instance, OptionSet.Empty), cancellationToken).ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.UnexpectedSelectors.Code)
        {
            // It is gone already: its time was over, or somebody else closed it.
        }
    }

    /// <summary>Closes the shell; waits no longer than a few seconds, and is silent when the way is broken.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(ClosePatience);
        try
        {
            await CloseAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or OperationCanceledException)
        {
            // The caller's own reason to stop matters more; the shell's idle time ends it. Who must know calls CloseAsync.
        }
    }

    internal static async Task<RemoteShell> OpenAsync(WSManClient client, ShellSettings settings, CancellationToken cancellationToken)
    {
        var headers = client.Headers(Actions.Create, settings.ResourceUri) with
        {
            OperationTimeout = client.Options.ShellTimeouts.Create ?? client.Options.OperationTimeout,
            CompressionType = settings.Compression ? XpressStream.Name : null,
            Options = settings.Options ?? OptionSet.Of(
            [
                .. client.Options.RequestOptions,
                new Option(ShellNames.NoProfile, Text(settings.NoProfile)),
                new Option(ShellNames.CodePage, settings.CodePage.ToString(CultureInfo.InvariantCulture)),
            ]),
        };
        var create = new CreateShell
        {
            ShellId = settings.ShellId,
            Name = settings.Name,
            Environment = settings.Environment,
            WorkingDirectory = settings.WorkingDirectory,
            Lifetime = settings.Lifetime,
            IdleTimeOut = settings.IdleTimeOut,
            InputStreams = settings.InputStreams,
            OutputStreams = settings.OutputStreams,
            CreationXml = settings.CreationXml,
        };
        cancellationToken.ThrowIfCancellationRequested();
        var requests = new RobustRequests(client, isServed: false, static _ => { }); // nobody can listen yet
        return await MadeAsync(requests.SendAsync(new Request(headers, create), CancellationToken.None), Opened, cancellationToken).ConfigureAwait(false);

        RemoteShell Opened(ReceivedReply reply) => new(
            client, settings, ResourceCreated.Read(reply.Body).Reference, requests.IsServed);
    }

    internal static async Task<RemoteShell> ConnectAsync(WSManClient client, string shellId, CancellationToken cancellationToken)
    {
        var keys = SelectorSet.Of((ShellNames.ShellId, shellId));
        var read = client.Headers(Actions.Get, ResourceUris.Shell, keys);
        using var found = await client.SendAsync(new Request(read, EmptyBody.Instance), cancellationToken).ConfigureAwait(false);
        var instance = ShellInstance.Read(found.Body);
        var settings = new ShellSettings
        {
            ResourceUri = instance.ResourceUri,
            ShellId = instance.ShellId,
            Compression = instance.CompressionMode is "XpressCompression",
            InputStreams = instance.InputStreams,
            OutputStreams = instance.OutputStreams,
        };
        var shell = new RemoteShell(client, settings, new EndpointReference { ResourceUri = instance.ResourceUri, Selectors = keys }, isRobust: false);
        using var reply = await shell.AskAsync(Actions.Connect, new Connect(), OptionSet.Empty, cancellationToken).ConfigureAwait(false);
        return shell;
    }

    /// <summary>Takes over a shell whose kind is known, with data that both sides exchange.</summary>
    internal static async Task<(RemoteShell Shell, ConnectResponse Response)> ConnectAsync(
        WSManClient client, ShellSettings settings, Connect connect, CancellationToken cancellationToken)
    {
        var keys = SelectorSet.Of((ShellNames.ShellId, settings.ShellId ?? ""));
        var shell = new RemoteShell(client, settings, new EndpointReference { ResourceUri = settings.ResourceUri, Selectors = keys }, isRobust: false);
        using var reply = await shell.AskAsync(Actions.Connect, connect, settings.Options ?? OptionSet.Empty, cancellationToken).ConfigureAwait(false);
        return (shell, ConnectResponse.Read(reply.Body));
    }

    /// <summary>Ends when the shell has its client again.</summary>
    internal Task WhenConnectedAsync(CancellationToken cancellationToken) => _connected.Task.WaitAsync(cancellationToken);

    /// <summary>One request about this shell.</summary>
    internal Task<ReceivedReply> AskAsync(string action, IBody body, OptionSet options, CancellationToken cancellationToken) =>
        _requests.SendAsync(About(action, body, options), cancellationToken);

    /// <summary>Tells the service that <paramref name="reply"/> has arrived: nothing follows it on its connection.</summary>
    internal Task EndAsync(ReceivedReply reply) => _requests.EndAsync(reply.Headers.OperationId);

    private Request About(string action, IBody body, OptionSet options)
    {
        // The keys as the service gave them, more than ShellId included.
        var headers = _client.Headers(action, _reference.ResourceUri ?? _settings.ResourceUri, _reference.Selectors);
        if (_client.Options.ShellTimeouts.Of(action) is { } time)
        {
            headers = headers with { OperationTimeout = time };
        }

        return new Request(options.Count == 0 ? headers : headers with { Options = options }, body);
    }

    private void Tell(ConnectionEvent what) => ConnectionChanged?.Invoke(what);

    // A request that makes something is never broken off: what it made must be known to be ended.
    private static async Task<T> MadeAsync<T>(Task<ReceivedReply> asking, Func<ReceivedReply, T> made, CancellationToken cancellationToken)
        where T : IAsyncDisposable
    {
        await ((Task)asking.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
        {
            await ((Task)asking.WaitAsync(ClosePatience, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asking.IsCompletedSuccessfully)
            {
                using var late = await asking.ConfigureAwait(false);
                await made(late).DisposeAsync().ConfigureAwait(false);
            }

            throw new OperationCanceledException(cancellationToken);
        }

        using var reply = await asking.ConfigureAwait(false);
        return made(reply);
    }

    private static TaskCompletionSource Connected()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    private static string Text(bool value) => value ? "TRUE" : "FALSE";
}

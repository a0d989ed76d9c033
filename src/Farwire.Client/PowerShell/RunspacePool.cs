using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Fragments;
using Farwire.Client.PowerShell.Messages;
using Farwire.Client.PowerShell.Records;
using Farwire.Client.Shells;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.PowerShell;

/// <summary>PowerShell on a remote machine, in which pipelines run. Disposing it closes it there, and ends all that runs in it.</summary>
/// <remarks>
/// MS-PSRP, "RunspacePool State Machine" of the client. 1. Create carries SESSION_CAPABILITY and INIT_RUNSPACEPOOL. 2. The shell's own stream brings the
/// capability of the service, its private data, and the state Opened. 3. Each pipeline is a command of the shell with a stream of its own. 4. A key is
/// exchanged when the first secret needs it. 5. Delete.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds memory alone.")]
public sealed class RunspacePool : IAsyncDisposable
{
    private const string ProtocolVersionOption = "protocolversion";

    // What PowerShell itself sends at most, so that it passes the envelopes of every version.
    private const int FragmentBytes = 32 * 1024;

    private readonly RemoteShell _shell;
    private readonly FragmentSplitter _splitter;
    private readonly FragmentAssembler _assembler;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SessionKey _key;
    private readonly TaskCompletionSource _keyReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _keyAsked;
    private Task _answering = Task.CompletedTask;
    private Task _pump = Task.CompletedTask;

    private RunspacePool(RemoteShell shell, RunspacePoolSettings settings, FragmentSplitter splitter, SessionKey key)
    {
        _shell = shell;
        _splitter = splitter;
        _key = key;
        _assembler = new FragmentAssembler(settings.MaxReceivedObjectBytes);
        Settings = settings;
        ProtocolVersion = settings.ProtocolVersion;
    }

    /// <summary>The pool's id, which is its shell's.</summary>
    public Guid Id => Settings.Id!.Value;

    /// <summary>The version of the protocol that both speak.</summary>
    public Version ProtocolVersion { get; private set; }

    /// <summary>Where it stands.</summary>
    public RunspacePoolState State { get; private set; } = RunspacePoolState.Opening;

    /// <summary>What the service tells of itself, as <c>PSVersionTable</c>; null before it did.</summary>
    public RemoteDictionary? ApplicationPrivateData { get; private set; }

    internal RunspacePoolSettings Settings { get; }

    internal RemoteShell Shell => _shell;

    /// <summary>Runs code, and gives everything it says in the order it says it: objects, errors, warnings, progress and so on.</summary>
    /// <param name="script">The code.</param>
    /// <param name="cancellationToken">Ends it there too.</param>
    /// <exception cref="PipelineFailedException">An error ended it; all before that was given.</exception>
    public IAsyncEnumerable<PipelineRecord> Run(string script, CancellationToken cancellationToken = default) =>
        Run(new PipelineSettings([PowerShellCommand.Script(script)]), cancellationToken);

    /// <summary>Runs a pipeline, and gives everything it says in the order it says it.</summary>
    /// <exception cref="PipelineFailedException">An error ended it; all before that was given.</exception>
    public async IAsyncEnumerable<PipelineRecord> Run(PipelineSettings settings, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var pipeline = await StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await foreach (var record in pipeline.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return record;
        }
    }

    /// <summary>Starts a pipeline, for those who want to stop it or leave it alone.</summary>
    public async Task<RemotePipeline> StartAsync(PipelineSettings settings, CancellationToken cancellationToken = default)
    {
        ThrowUnlessOpened();
        var id = settings.Id ?? Guid.NewGuid();
        var data = ClixmlWriter.Write(Beginnings.CreatePipeline(settings, Settings.Host, ProtocolVersion));
        var fragments = _splitter.Split(new RemotingMessage(MessageDestination.Server, MessageType.CreatePipeline, Id, id, data).ToBytes());
        var start = new CommandSettings { CommandId = Text(id), Options = OptionSet.Of(new Option(ShellNames.SkipCmdShell, "FALSE")) };
        var command = await _shell.StartAsync("", [Convert.ToBase64String(fragments[0])], start, cancellationToken).ConfigureAwait(false);
        var pipeline = new RemotePipeline(this, command, id, settings.Input);
        try
        {
            foreach (var fragment in fragments.Skip(1))
            {
                await CommandInput.SendAsync(_shell, new StreamData("stdin", fragment) { CommandId = command.Id }, cancellationToken).ConfigureAwait(false);
            }

            return pipeline;
        }
        catch
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes a pipeline over that runs in a pool which was connected to: what it says goes on where its last reader stopped.</summary>
    public async Task<RemotePipeline> ConnectPipelineAsync(Guid id, CancellationToken cancellationToken = default) =>
        new(this, await _shell.ConnectCommandAsync(Text(id), cancellationToken).ConfigureAwait(false), id, null);

    /// <summary>Lists the pipelines that the pool has.</summary>
    public async IAsyncEnumerable<Guid> EnumeratePipelinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var command in _shell.EnumerateCommandsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Guid.TryParse(command.CommandId, out var id))
            {
                yield return id;
            }
        }
    }

    /// <summary>Leaves the pool: its pipelines run on, and whoever reads them here waits for <see cref="ReconnectAsync"/>.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        ThrowUnlessOpened();
        await _shell.DisconnectAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        State = RunspacePoolState.Disconnected;
    }

    /// <summary>Returns to the pool, from the client that left it.</summary>
    public async Task ReconnectAsync(CancellationToken cancellationToken = default)
    {
        await _shell.ReconnectAsync(cancellationToken).ConfigureAwait(false);
        State = RunspacePoolState.Opened;
    }

    /// <summary>Seals a secret, to be sent as a parameter or input (a <c>SecureString</c> there); exchanges the key first if need be.</summary>
    public async Task<SealedString> SealAsync(ReadOnlyMemory<char> secret, CancellationToken cancellationToken = default)
    {
        await ExchangeKeyAsync(cancellationToken).ConfigureAwait(false);
        return _key.Seal(secret.Span);
    }

    /// <summary>Opens a secret that this pool sent.</summary>
    /// <exception cref="PowerShellProtocolException">It was sealed with another key.</exception>
    public string Open(SealedString secret) => _key.IsReady ? _key.Open(secret) : throw new PowerShellProtocolException("A secret came before any key was exchanged.");

    /// <summary>Closes the pool there, unless it was left; waits no longer than a few seconds, and is silent when the way is broken.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        if (State != RunspacePoolState.Disconnected)
        {
            await _shell.DisposeAsync().ConfigureAwait(false);
        }

        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        State = State is RunspacePoolState.Broken or RunspacePoolState.Disconnected ? State : RunspacePoolState.Closed;
        _key.Dispose();
    }

    internal static Task<RunspacePool> OpenAsync(WSManClient client, RunspacePoolSettings settings, CancellationToken cancellationToken) =>
        OpenAsync(client, settings, new SessionKey(), cancellationToken);

    internal static async Task<RunspacePool> OpenAsync(WSManClient client, RunspacePoolSettings settings, SessionKey key, CancellationToken cancellationToken)
    {
        settings = settings with { Id = settings.Id ?? Guid.NewGuid() };
        var splitter = Splitter(client);
        var opening = OpeningXml("creationXml", splitter, settings, (MessageType.InitRunspacePool, ClixmlWriter.Write(Beginnings.InitRunspacePool(settings))));
        var shell = await RemoteShell.OpenAsync(client, ShellOf(client, settings) with { CreationXml = opening }, cancellationToken).ConfigureAwait(false); // 1
        return await StartedAsync(new RunspacePool(shell, settings, splitter, key), cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<RunspacePool> ConnectAsync(WSManClient client, Guid id, RunspacePoolSettings settings, CancellationToken cancellationToken)
    {
        settings = settings with { Id = id };
        var splitter = Splitter(client);
        var opening = OpeningXml("connectXml", splitter, settings, (MessageType.ConnectRunspacePool, "<S />"u8.ToArray()));
        var (shell, response) = await RemoteShell.ConnectAsync(client, ShellOf(client, settings), new Connect { ConnectXml = opening }, cancellationToken).ConfigureAwait(false);
        var pool = new RunspacePool(shell, settings, splitter, new SessionKey());
        if (response.ConnectResponseXml is { } answer)
        {
            pool.Receive(Convert.FromBase64String(XElement.Parse(answer).Value));
        }

        return await StartedAsync(pool, cancellationToken).ConfigureAwait(false);
    }

    internal static string Text(Guid id) => id.ToString("D").ToUpperInvariant();

    /// <summary>Sends messages in one or more pieces; those of one call stay together.</summary>
    internal async Task SendAsync(string stream, string? commandId, MessageType type, Guid pipelineId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var fragment in _splitter.Split(new RemotingMessage(MessageDestination.Server, type, Id, pipelineId, data).ToBytes()))
            {
                await CommandInput.SendAsync(_shell, new StreamData(stream, fragment) { CommandId = commandId }, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private static FragmentSplitter Splitter(WSManClient client) => new(Math.Min(FragmentBytes, CommandInput.PieceBytes(client.Options.MaxEnvelopeBytes)));

    private static async Task<RunspacePool> StartedAsync(RunspacePool pool, CancellationToken cancellationToken)
    {
        pool._pump = Task.Run(pool.PumpAsync, CancellationToken.None);
        try
        {
            await pool._opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false); // 2
            return pool;
        }
        catch
        {
            await pool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static ShellSettings ShellOf(WSManClient client, RunspacePoolSettings settings) => new()
    {
        ResourceUri = settings.ConfigurationName.Contains("://", StringComparison.Ordinal) ? settings.ConfigurationName : $"{Namespaces.PowerShell}/{settings.ConfigurationName}",
        ShellId = Text(settings.Id!.Value),
        InputStreams = ["stdin", "pr"],
        OutputStreams = ["stdout"],
        Options = OptionSet.Of(
        [
            .. client.Options.RequestOptions,
            new Option(ProtocolVersionOption, settings.ProtocolVersion.ToString()) { MustComply = true },
            .. settings.NoProfile ? [new Option(ShellNames.NoProfile, "TRUE") { MustComply = true }] : Array.Empty<Option>(),
        ]),
    };

    private static string OpeningXml(string element, FragmentSplitter splitter, RunspacePoolSettings settings, (MessageType Type, byte[] Data) second)
    {
        (MessageType Type, byte[] Data)[] messages = [(MessageType.SessionCapability, ClixmlWriter.Write(Beginnings.SessionCapability(settings.ProtocolVersion))), second];
        byte[] bytes = [.. messages.SelectMany(m => splitter.Split(new RemotingMessage(MessageDestination.Server, m.Type, settings.Id!.Value, Guid.Empty, m.Data).ToBytes())).SelectMany(f => f)];
        return $"<{element} xmlns=\"{Namespaces.PowerShell}\">{Convert.ToBase64String(bytes)}</{element}>";
    }

    private void ThrowUnlessOpened()
    {
        if (State != RunspacePoolState.Opened)
        {
            throw new InvalidOperationException($"The pool is {State}, not Opened.");
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var response in new OutputPolls(_shell, null).RunAsync(_closing.Token).ConfigureAwait(false))
            {
                foreach (var piece in response.Streams)
                {
                    Receive(piece.Data);
                }
            }
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or PowerShellProtocolException or OperationCanceledException)
        {
            State = _closing.IsCancellationRequested ? State : RunspacePoolState.Broken;
            _opened.TrySetException(e);
            _keyReady.TrySetException(e);
        }
    }

    private void Receive(ReadOnlyMemory<byte> piece)
    {
        foreach (var bytes in _assembler.Add(piece))
        {
            var message = RemotingMessage.Read(bytes);
            if (message.Destination != MessageDestination.Client || (message.RunspacePoolId != Guid.Empty && message.RunspacePoolId != Id))
            {
                throw new PowerShellProtocolException($"A message of the pool {message.RunspacePoolId} came to the pool {Id}.");
            }

            Receive(message);
        }
    }

    private void Receive(RemotingMessage message)
    {
        var data = ClixmlReader.Read(message.Data) as RemoteObject;
        switch (message.Type)
        {
            case MessageType.SessionCapability:
                Negotiate(data?["protocolversion"] as Version);
                break;
            case MessageType.ApplicationPrivateData:
                ApplicationPrivateData = (data?["ApplicationPrivateData"] as RemoteObject)?.Value as RemoteDictionary;
                break;
            case MessageType.RunspacePoolState:
                Enter((RunspacePoolState)(data?["RunspaceState"] as int? ?? -1), data?["ExceptionAsErrorRecord"]);
                break;
            case MessageType.RunspacePoolInitData: // the answer to a client that connects; the state itself may never be told
                Enter(RunspacePoolState.Opened, null);
                break;
            case MessageType.EncryptedSessionKey: // 4
                _key.Accept(data?["EncryptedSessionKey"] as string ?? "");
                _keyReady.TrySetResult();
                break;
            case MessageType.PublicKeyRequest:
                _answering = AfterAsync(_answering, () => ExchangeKeyAsync(_closing.Token));
                break;
            case MessageType.RunspacePoolHostCall:
                _answering = AfterAsync(_answering, () => HostCalls.AnswerAsync(this, data, MessageType.RunspacePoolHostResponse, Guid.Empty, _closing.Token));
                break;
            default:
                // Sizes of the pool and events of the service's engine: nothing here has asked for them.
                break;
        }
    }

    // 2: the lower of both versions; the major one is the protocol itself.
    private void Negotiate(Version? theirs)
    {
        if (theirs is null || theirs.Major != Settings.ProtocolVersion.Major || theirs < RunspacePoolSettings.LowestVersion)
        {
            throw new PowerShellProtocolException($"The service speaks version {theirs?.ToString() ?? "none"} of PowerShell remoting, this client 2.1 to {Settings.ProtocolVersion}.");
        }

        ProtocolVersion = theirs < Settings.ProtocolVersion ? theirs : Settings.ProtocolVersion;
    }

    private void Enter(RunspacePoolState state, object? reason)
    {
        State = state;
        if (state == RunspacePoolState.Opened)
        {
            _opened.TrySetResult();
        }
        else if (state is RunspacePoolState.Broken or RunspacePoolState.Closed)
        {
            throw new PowerShellProtocolException(reason is null ? $"The service has ended the pool: it is {state}." : $"The service has ended the pool: {ErrorRecord.Of(reason).Message}");
        }
    }

    private async Task ExchangeKeyAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _keyAsked, 1) == 0)
        {
            var data = ClixmlWriter.Write(RemoteObject.Bag(("PublicKey", _key.PublicKey())));
            await SendAsync("stdin", null, MessageType.PublicKey, Guid.Empty, data, cancellationToken).ConfigureAwait(false);
        }

        await _keyReady.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task AfterAsync(Task before, Func<Task> next)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await next().ConfigureAwait(false);
    }
}

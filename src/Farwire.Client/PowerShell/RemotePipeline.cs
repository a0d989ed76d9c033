using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Fragments;
using Farwire.Client.PowerShell.Messages;
using Farwire.Client.PowerShell.Records;
using Farwire.Client.Shells;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.PowerShell;

/// <summary>A pipeline that runs in a pool. Disposing it ends it, if it still runs.</summary>
/// <remarks>MS-PSRP, "Pipeline State Machine" of the client.</remarks>
public sealed class RemotePipeline : IAsyncDisposable
{
    private readonly RunspacePool _pool;
    private readonly RemoteCommand _command;
    private readonly IAsyncEnumerable<object?>? _input;
    private readonly FragmentAssembler _assembler;
    private ExceptionDispatchInfo? _brokenInput;

    internal RemotePipeline(RunspacePool pool, RemoteCommand command, Guid id, IAsyncEnumerable<object?>? input)
    {
        _pool = pool;
        _command = command;
        _input = input;
        _assembler = new FragmentAssembler(pool.Settings.MaxReceivedObjectBytes);
        Id = id;
    }

    /// <summary>The pipeline's id in its pool.</summary>
    public Guid Id { get; }

    /// <summary>Where it stands, as far as it was read.</summary>
    public PipelineState State { get; private set; } = PipelineState.Running;

    /// <summary>Feeds its input, and gives everything it says in the order it says it; once.</summary>
    /// <exception cref="PipelineFailedException">An error ended it; all before that was given. An exception of the input stops it, and comes out here.</exception>
    public async IAsyncEnumerable<PipelineRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = FeedAsync(ended.Token);
        try
        {
            await foreach (var piece in _command.ReadOutputAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (var bytes in _assembler.Add(piece.Data))
                {
                    if (await ReceiveAsync(RemotingMessage.Read(bytes), cancellationToken).ConfigureAwait(false) is { } record)
                    {
                        yield return record;
                    }
                }

                if (State is PipelineState.Completed or PipelineState.Stopped)
                {
                    break;
                }
            }

            _brokenInput?.Throw();
        }
        finally
        {
            // A pipeline may end without reading all it is given.
            await ended.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Tells it to stop, as Ctrl-C does; what it still says is read until it has stopped.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        using var reply = await _pool.Shell.AskAsync(
            Actions.Signal, new Signal(ShellNames.StopPipeline) { CommandId = _command.Id }, OptionSet.Empty, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends it, or, when it has ended, lets the service forget it. In a pool that was left it runs on.</summary>
    public ValueTask DisposeAsync() => _pool.State == RunspacePoolState.Disconnected ? ValueTask.CompletedTask : _command.DisposeAsync();

    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        if (_input is null)
        {
            return;
        }

        try
        {
            await foreach (var item in _input.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await _pool.SendAsync("stdin", _command.Id, MessageType.PipelineInput, Id, ClixmlWriter.Write(item), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Without the end of its input it would wait for ever.
            _brokenInput = ExceptionDispatchInfo.Capture(e);
            await StopAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await _pool.SendAsync("stdin", _command.Id, MessageType.EndOfPipelineInput, Id, default, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PipelineRecord?> ReceiveAsync(RemotingMessage message, CancellationToken cancellationToken)
    {
        if (message.Destination != MessageDestination.Client || message.PipelineId != Id || message.RunspacePoolId != _pool.Id)
        {
            throw new PowerShellProtocolException($"A message of the pipeline {message.PipelineId} came to the pipeline {Id}.");
        }

        var data = ClixmlReader.Read(message.Data);
        switch (message.Type)
        {
            case MessageType.PipelineOutput: return new OutputRecord(data);
            case MessageType.ErrorRecord: return ErrorRecord.Of(data);
            case MessageType.WarningRecord: return new WarningRecord(InformationalRecord.MessageOf(data)) { Source = data as RemoteObject };
            case MessageType.VerboseRecord: return new VerboseRecord(InformationalRecord.MessageOf(data)) { Source = data as RemoteObject };
            case MessageType.DebugRecord: return new DebugRecord(InformationalRecord.MessageOf(data)) { Source = data as RemoteObject };
            case MessageType.InformationRecord: return InformationRecord.Of(data);
            case MessageType.ProgressRecord: return ProgressRecord.Of(data);
            case MessageType.PipelineState:
                Enter(data as RemoteObject);
                return null;
            case MessageType.PipelineHostCall:
                await HostCalls.AnswerAsync(_pool, data as RemoteObject, MessageType.PipelineHostResponse, Id, cancellationToken).ConfigureAwait(false);
                return null;
            default:
                throw new PowerShellProtocolException($"A pipeline got a message that is none of its own: {message.Type}.");
        }
    }

    private void Enter(RemoteObject? data)
    {
        State = data?["PipelineState"] is int state ? (PipelineState)state : throw new PowerShellProtocolException("A message on the state of a pipeline has none.");
        if (State == PipelineState.Failed)
        {
            throw new PipelineFailedException(data!["ExceptionAsErrorRecord"] is { } error ? ErrorRecord.Of(error) : new ErrorRecord("The pipeline failed, and no reason was given."));
        }
    }
}

using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Client.Shells;

/// <summary>A command that runs in a remote shell. Disposing it ends it, and all it started, if it still runs.</summary>
/// <remarks>
/// Its output is taken in one of two ways: <see cref="ReadOutputAsync"/> gives the pieces of all streams in the order they were written,
/// <see cref="StandardOutput"/> and <see cref="StandardError"/> give each stream for itself. Both streams must be read: one that nobody reads
/// holds up the other once it is full, as with any process.
/// </remarks>
public sealed class RemoteCommand : IAsyncDisposable
{
    private const int PipeBytes = 1024 * 1024;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly RemoteShell _shell;
    private readonly CommandInput _input;
    private readonly Pipe _output = NewPipe();
    private readonly Pipe _errors = NewPipe();
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _lock = new();
    private Reading _reading;
    private Task _pump = Task.CompletedTask;

    internal RemoteCommand(RemoteShell shell, string id)
    {
        _shell = shell;
        Id = id;
        _input = new CommandInput(shell, id);
    }

    private enum Reading
    {
        None,
        Pieces,
        Pipes,
    }

    /// <summary>The command's id in its shell.</summary>
    public string Id { get; }

    /// <summary>What the command reads. A write returns once the service has taken it; disposing it is the end of the input.</summary>
    public Stream StandardInput => _input;

    /// <summary>What the command writes.</summary>
    public PipeReader StandardOutput => Pipes(_output);

    /// <summary>What the command writes about errors.</summary>
    public PipeReader StandardError => Pipes(_errors);

    /// <summary>Ends with the command, when all its output is here: its exit code, all 32 bits.</summary>
    public Task<int> Exit => _exit.Task;

    /// <summary>Reads the output of all streams in the order it was written, until the command ends; then <see cref="Exit"/> is known.</summary>
    public async IAsyncEnumerable<StreamData> ReadOutputAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Take(Reading.Pieces);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        await foreach (var response in new OutputPolls(_shell, Id).RunAsync(stop.Token).ConfigureAwait(false))
        {
            foreach (var piece in response.Streams)
            {
                if (!piece.Data.IsEmpty)
                {
                    yield return piece;
                }
            }

            if (response.IsDone)
            {
                _exit.TrySetResult(response.ExitCode ?? 0);
            }
        }
    }

    /// <summary>Sends a signal to the command; one that has ended takes it without effect.</summary>
    public async Task SignalAsync(ShellSignal signal, CancellationToken cancellationToken = default)
    {
        var code = signal switch
        {
            ShellSignal.CtrlC => ShellNames.CtrlC,
            ShellSignal.CtrlBreak => ShellNames.CtrlBreak,
            _ => ShellNames.Terminate,
        };
        try
        {
            using var reply = await _shell.AskAsync(Actions.Signal, new Signal(code) { CommandId = Id }, OptionSet.Empty, cancellationToken).ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.UnexpectedSelectors.Code)
        {
            // The service has let go of the command, so nothing of it is left to signal.
        }
    }

    /// <summary>Ends the command, or, when it has ended, lets the service forget it. With the shell closed there is nothing left to do.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _exit.TrySetCanceled(_disposed.Token);
        if (_shell.IsClosed)
        {
            return;
        }

        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            await SignalAsync(ShellSignal.Terminate, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WSManFaultException or WSManTransportException or OperationCanceledException)
        {
            // The shell's end ends it too. Who must know sends ShellSignal.Terminate.
        }
    }

    /// <summary>Writes all input and its end.</summary>
    internal async Task FeedAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        await _input.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        await _input.DisposeAsync().ConfigureAwait(false);
    }

    private static Pipe NewPipe() => new(new PipeOptions(pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2, useSynchronizationContext: false));

    private PipeReader Pipes(Pipe pipe)
    {
        lock (_lock)
        {
            if (_reading != Reading.Pipes)
            {
                Take(Reading.Pipes);
                _pump = Task.Run(PumpAsync);
            }
        }

        return pipe.Reader;
    }

    private void Take(Reading reading)
    {
        lock (_lock)
        {
            _reading = _reading == Reading.None
                ? reading
                : throw new InvalidOperationException("The command's output is being read already: it comes once, as pieces or as streams.");
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (var response in new OutputPolls(_shell, Id).RunAsync(_disposed.Token).ConfigureAwait(false))
            {
                foreach (var piece in response.Streams)
                {
                    var writer = (piece.Name.Equals("stderr", StringComparison.OrdinalIgnoreCase) ? _errors : _output).Writer;
                    if (!piece.Data.IsEmpty)
                    {
                        await writer.WriteAsync(piece.Data, _disposed.Token).ConfigureAwait(false);
                    }

                    if (piece.End)
                    {
                        await writer.CompleteAsync().ConfigureAwait(false);
                    }
                }

                if (response.IsDone)
                {
                    await CompleteAsync(null).ConfigureAwait(false);
                    _exit.TrySetResult(response.ExitCode ?? 0);
                }
            }
        }
        catch (Exception e)
        {
            // Whoever reads learns what broke.
            await CompleteAsync(e).ConfigureAwait(false);
            _exit.TrySetException(e);
        }
    }

    private async ValueTask CompleteAsync(Exception? exception)
    {
        await _output.Writer.CompleteAsync(exception).ConfigureAwait(false);
        await _errors.Writer.CompleteAsync(exception).ConfigureAwait(false);
    }
}

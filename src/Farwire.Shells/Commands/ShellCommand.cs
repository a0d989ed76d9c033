using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Farwire.Processes;
using Farwire.Processes.Exit;
using Farwire.Processes.Tree;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.Commands;

/// <summary>A command of a shell, from its start until the client has let go of it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle and a source without a timer hold memory alone.")]
internal sealed class ShellCommand
{
    private const int ReadBytes = 64 * 1024;

    private readonly RunningProcess _process;
    private readonly IReadOnlyList<string> _streams;
    private readonly ShellOptions _options;
    private readonly TimeProvider _time;
    private readonly OutputQueue _output;
    private readonly InputQueue _input;
    private readonly SemaphoreSlim _receive = new(1, 1);
    private readonly CancellationTokenSource _streamsClose = new();
    private readonly Task<ProcessExit> _run;
    private string? _overQuota;

    public ShellCommand(string id, string line, RunningProcess process, IReadOnlyList<string> streams, ShellOptions options, TimeProvider time)
    {
        Id = id;
        Line = line;
        _process = process;
        _streams = streams;
        _options = options;
        _time = time;
        _output = new OutputQueue(options.MaxPendingOutputBytes);
        _input = new InputQueue(process.StandardInput);
        _run = RunAsync();
    }

    public string Id { get; }

    /// <summary>What was started.</summary>
    public string Line { get; }

    /// <summary>The program.</summary>
    public RunningProcess Process => _process;

    /// <summary>What happens to output that has no room.</summary>
    public BufferMode Mode
    {
        set => _output.Mode = value;
    }

    /// <summary>The client has all output and the exit code.</summary>
    public bool IsFetched { get; private set; }

    public ValueTask SendAsync(IEnumerable<StreamData> pieces, CancellationToken cancellationToken) => _input.SendAsync(pieces, cancellationToken);

    /// <summary>Ends the command's input before it began.</summary>
    public void CloseInput() => _input.Close();

    /// <summary>Waits for output or the end; a second caller waits for the first.</summary>
    public async ValueTask<ReceiveResponse> ReceiveAsync(IReadOnlyList<string> streams, int envelopeBytes, CancellationToken cancellationToken)
    {
        await _receive.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (pieces, end) = await _output.TakeAsync(streams, envelopeBytes, cancellationToken).ConfigureAwait(false);
            if (_output.IsAborted)
            {
                throw _overQuota is null ? FaultCatalog.OperationAborted.Fault("the command was ended.") : FaultCatalog.QuotaLimit.Fault(_overQuota);
            }

            var named = pieces.ConvertAll(piece => piece with { CommandId = Id });
            if (!end)
            {
                return new ReceiveResponse(named) { CommandId = Id, State = ShellNames.Running };
            }

            // Every stream asked for ends by an element of its own, whether or not it had data.
            named.AddRange(streams.Select(stream => new StreamData(stream, default) { CommandId = Id, End = true }));
            var exit = await _run.ConfigureAwait(false);
            IsFetched = true;
            return new ReceiveResponse(named) { CommandId = Id, State = ShellNames.Done, ExitCode = exit.Code };
        }
        finally
        {
            _receive.Release();
        }
    }

    public CommandInstance Describe() => new(Id, Line, _process.Exit.IsCompleted ? "Done" : "Running");

    /// <summary>Sends a signal to the command and its group; one that has ended takes it without effect.</summary>
    public void Signal(ProcessSignal signal)
    {
        if (!_process.Exit.IsCompleted)
        {
            _process.Signal(signal);
        }
    }

    /// <summary>The client that took the last answer is lost, and the answer perhaps too: it is given once more.</summary>
    public void Restore()
    {
        IsFetched = false;
        _output.Restore();
    }

    /// <summary>Ends the command, because its shell takes more than it may; whoever asks for its output is told so.</summary>
    public Task EndAsync(string overQuota)
    {
        _overQuota = overQuota;
        return EndAsync();
    }

    /// <summary>Ends the command and all it started; who waits for its output is told.</summary>
    public async Task EndAsync()
    {
        _output.Abort();
        await _process.EndTreeAsync().ConfigureAwait(false);
        await _streamsClose.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
    }

    private async Task<ProcessExit> RunAsync()
    {
        var pumps = Task.WhenAll(
            PumpAsync(_process.StandardOutput, StreamNames.Output, errors: false),
            PumpAsync(_process.StandardError, StreamNames.Errors, errors: true));
        var exit = await _process.Exit.ConfigureAwait(false);
        try
        {
            await pumps.WaitAsync(_options.StreamsAfterExit, _time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What the command left running holds its streams open; a client would wait for it in vain.
            await _streamsClose.CancelAsync().ConfigureAwait(false);
            await pumps.ConfigureAwait(false);
        }

        _process.Dispose();
        _output.Complete();
        return exit;
    }

    private async Task PumpAsync(Stream from, string name, bool errors)
    {
        var wanted = _streams.Has(name);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            int count;
            while ((count = await ReadAsync(from, buffer, errors).ConfigureAwait(false)) > 0)
            {
                // A stream the shell did not declare is read all the same, or the command would stand still.
                if (wanted && !await _output.AddAsync(name, buffer.AsMemory(0, count)).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // A broken pipe is an ended one.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<int> ReadAsync(Stream from, byte[] buffer, bool errors)
    {
        try
        {
            return await from.ReadAsync(buffer, _streamsClose.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What already lies in the pipe was written before the end and belongs to the output.
            return _process.CanReadAtOnce(errors) ? await from.ReadAsync(buffer).ConfigureAwait(false) : 0;
        }
    }
}

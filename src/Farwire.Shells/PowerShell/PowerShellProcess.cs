using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Farwire.Processes;
using Farwire.Protocol.Faults;

namespace Farwire.Shells.PowerShell;

/// <summary>A PowerShell that serves one client over its standard streams (<c>pwsh -SSHServerMode</c>).</summary>
/// <remarks>
/// Its out-of-process transport: one XML element a line. What goes to it is acknowledged; the next Data for the same target waits for that. What comes from
/// it is not.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Semaphores without wait handles hold memory alone.")]
internal sealed class PowerShellProcess
{
    private const int MaxLineBytes = 8 * 1024 * 1024;
    private const int MaxErrorCharacters = 1000;

    private readonly ConcurrentDictionary<(string Ack, Guid Target), TaskCompletionSource> _waiting = new();
    private readonly SemaphoreSlim _sends = new(1, 1);
    private readonly SemaphoreSlim _writes = new(1, 1);
    private readonly Task<string> _errors;

    /// <param name="process">The program.</param>
    /// <param name="received">Takes the fragments that it sends, for a pipeline or, for an empty id, for the pool.</param>
    /// <param name="ended">Hears that it ended, and why.</param>
    public PowerShellProcess(RunningProcess process, Func<Guid, ReadOnlyMemory<byte>, ValueTask> received, Action<string> ended)
    {
        Process = process;
        _errors = ReadErrorsAsync();
        _ = ListenAsync(received, ended);
    }

    public RunningProcess Process { get; }

    /// <summary>Sends fragments; returns when PowerShell has taken them.</summary>
    public async Task SendAsync(Guid target, string stream, ReadOnlyMemory<byte> fragments, CancellationToken cancellationToken)
    {
        await _sends.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await TellAsync(new OutOfProcessElement(OutOfProcessElement.Data, target, stream, fragments), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sends.Release();
        }
    }

    /// <summary>Starts, ends or interrupts a pipeline; returns when PowerShell knows.</summary>
    public Task TellAsync(string what, Guid target, CancellationToken cancellationToken) => TellAsync(new OutOfProcessElement(what, target), cancellationToken);

    /// <summary>Ends it with all it started.</summary>
    public Task EndAsync() => Process.EndTreeAsync();

    private async Task TellAsync(OutOfProcessElement element, CancellationToken cancellationToken)
    {
        var key = (OutOfProcessElement.AckOf(element.Name), element.Target);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await WriteAsync(key, answer, element.ToLine(), cancellationToken).ConfigureAwait(false);
            if (Process.Exit.IsCompleted)
            {
                answer.TrySetException(await GoneAsync().ConfigureAwait(false));
            }

            await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw await GoneAsync().ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(key, out _);
        }
    }

    // A line is written whole or not at all: half of one would spoil the next.
    private async Task WriteAsync((string Ack, Guid Target) key, TaskCompletionSource answer, byte[] line, CancellationToken cancellationToken)
    {
        await _writes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _waiting[key] = answer;
            await Process.StandardInput.WriteAsync(line, CancellationToken.None).ConfigureAwait(false);
            await Process.StandardInput.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writes.Release();
        }
    }

    private async Task ListenAsync(Func<Guid, ReadOnlyMemory<byte>, ValueTask> received, Action<string> ended)
    {
        try
        {
            await foreach (var element in OutOfProcessElement.ReadAsync(Process.StandardOutput, MaxLineBytes).ConfigureAwait(false))
            {
                if (element.Name == OutOfProcessElement.Data)
                {
                    await received(element.Target, element.Fragments).ConfigureAwait(false);
                }
                else if (_waiting.TryRemove((element.Name, element.Target), out var answer))
                {
                    answer.TrySetResult();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A broken pipe is an ended one.
        }

        await Process.EndTreeAsync().ConfigureAwait(false);
        var gone = await GoneAsync().ConfigureAwait(false);
        ended(gone.Message);
        foreach (var answer in _waiting.Values)
        {
            answer.TrySetException(gone);
        }

        Process.Dispose();
    }

    private async Task<WSManFaultException> GoneAsync()
    {
        var exit = await Process.Exit.ConfigureAwait(false);
        var said = (await _errors.ConfigureAwait(false)).Trim();
        return FaultCatalog.OperationAborted.Fault($"PowerShell has ended with the code {exit.Code}{(said.Length > 0 ? ": " + said : ".")}");
    }

    private async Task<string> ReadErrorsAsync()
    {
        var said = new StringBuilder();
        var buffer = new byte[1024];
        try
        {
            while (await Process.StandardError.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var count)
            {
                said.Append(Encoding.UTF8.GetString(buffer, 0, Math.Min(count, MaxErrorCharacters - said.Length)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It ended.
        }

        return said.ToString();
    }
}

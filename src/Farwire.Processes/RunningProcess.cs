using System.IO.Pipes;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Tree;

namespace Farwire.Processes;

/// <summary>A started program: its streams, its end, and the tree of all that it starts.</summary>
/// <remarks>Dispose closes the streams; it does not end the program. <see cref="EndTreeAsync"/> does.</remarks>
public sealed class RunningProcess : IDisposable
{
    private readonly string _mark;

    // Never later than what the kernel notes as the program's start: whoever is older is none of its tree.
    private readonly ulong _startTicks;
    private readonly AnonymousPipeClientStream _output;
    private readonly AnonymousPipeClientStream _errors;

    internal RunningProcess(
        int id, string mark, ulong startTicks, Task<ProcessExit> exit,
        AnonymousPipeClientStream input, AnonymousPipeClientStream output, AnonymousPipeClientStream errors)
    {
        Id = id;
        _mark = mark;
        _startTicks = startTicks;
        Exit = exit;
        StandardInput = input;
        _output = output;
        _errors = errors;
    }

    /// <summary>The program's id; its session and its process group have the same.</summary>
    public int Id { get; }

    /// <summary>Ends with the program. What it started may go on.</summary>
    public Task<ProcessExit> Exit { get; }

    /// <summary>What the program reads. Disposing it is the end of its input.</summary>
    public Stream StandardInput { get; }

    /// <summary>What the program writes.</summary>
    public Stream StandardOutput => _output;

    /// <summary>What the program writes about errors.</summary>
    public Stream StandardError => _errors;

    /// <summary>Bytes, or the end, can be read at once from <see cref="StandardOutput"/> or, when asked, <see cref="StandardError"/>.</summary>
    public unsafe bool CanReadAtOnce(bool errors)
    {
        const short readable = 1; // POLLIN
        var entry = new PollEntry { Descriptor = (int)(errors ? _errors : _output).SafePipeHandle.DangerousGetHandle(), Events = readable };
        return Native.Poll(&entry, 1, 0) > 0 && (entry.Returned & readable) != 0;
    }

    /// <summary>Sends a signal to the program's group. False when nobody of it is left.</summary>
    public bool Signal(ProcessSignal signal) => Native.Kill(-Id, (int)signal) == 0;

    /// <summary>
    /// Ends the program and everything it started, those that left its session as well. Returns when none of them runs any more, and the
    /// program itself is off the kernel's table.
    /// </summary>
    public async Task EndTreeAsync()
    {
        if (!Exit.IsCompleted)
        {
            Signal(ProcessSignal.Kill);
        }

        await ProcessTree.EndAsync(Id, _mark, _startTicks).ConfigureAwait(false);
        await Exit.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        StandardInput.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }
}

using System.IO.Pipes;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;
using Farwire.Processes.Tree;

namespace Farwire.Processes;

/// <summary>A started program: its streams, its end, and the tree of all that it starts.</summary>
/// <remarks>Dispose closes the streams; it does not end the program. <see cref="EndTreeAsync"/> does.</remarks>
public sealed class RunningProcess : IDisposable
{
    private readonly IProgramControl _control;
    private readonly AnonymousPipeClientStream _output;
    private readonly AnonymousPipeClientStream _errors;

    internal RunningProcess(
        IProgramControl control, AnonymousPipeClientStream input, AnonymousPipeClientStream output, AnonymousPipeClientStream errors)
    {
        _control = control;
        StandardInput = input;
        _output = output;
        _errors = errors;
    }

    /// <summary>The program's id; its session and its process group have the same.</summary>
    public int Id => _control.Id;

    /// <summary>Ends with the program. What it started may go on.</summary>
    public Task<ProcessExit> Exit => _control.Exit;

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

    /// <summary>Sends a signal to the program's group. False when it is known that nobody of it is left.</summary>
    public bool Signal(ProcessSignal signal) => _control.Signal(signal);

    /// <summary>
    /// Ends the program and everything it started, those that left its session as well. Returns when none of them runs any more, and the
    /// program itself is off the kernel's table.
    /// </summary>
    public Task EndTreeAsync() => _control.EndTreeAsync();

    /// <summary>What the program and everything it started take now; without a control group, those that left its session apart.</summary>
    public ProcessUsage Usage() => ProcessSurvey.Take([this])[0];

    internal IReadOnlyList<int>? Members() => _control.Members();

    /// <inheritdoc/>
    public void Dispose()
    {
        StandardInput.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }
}

using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Farwire.Processes.Launch;

/// <summary>A pipe between the service and a program: the program's end by number, the service's end as an asynchronous stream.</summary>
internal sealed unsafe class PipePair : IDisposable
{
    /// <summary>The kernel's buffer: fewer turns for a program that writes fast. The kernel grants less to users with many pipes.</summary>
    private const int BufferBytes = 256 * 1024;

    private PipePair(int programEnd, AnonymousPipeClientStream stream)
    {
        ProgramEnd = programEnd;
        Stream = stream;
    }

    public int ProgramEnd { get; private set; }

    public AnonymousPipeClientStream Stream { get; }

    /// <summary>A pipe from which the service reads, or, for <see cref="PipeDirection.Out"/>, into which it writes.</summary>
    public static PipePair Open(PipeDirection direction)
    {
        var ends = stackalloc int[2];
        if (Native.Pipe(ends, Native.CloseOnExec) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var (ours, theirs) = direction == PipeDirection.In ? (ends[0], ends[1]) : (ends[1], ends[0]);
        _ = Native.FileControl(ours, Native.PipeSizeCommand, BufferBytes);
        return new PipePair(theirs, new AnonymousPipeClientStream(direction, new SafePipeHandle(ours, ownsHandle: true)));
    }

    /// <summary>Closes the program's end: only the program has it from now on, and its end is the stream's end.</summary>
    public void CloseProgramEnd()
    {
        if (ProgramEnd >= 0)
        {
            _ = Native.Close(ProgramEnd);
            ProgramEnd = -1;
        }
    }

    public void Dispose()
    {
        CloseProgramEnd();
        Stream.Dispose();
    }
}

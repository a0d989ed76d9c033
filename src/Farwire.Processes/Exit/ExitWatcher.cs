using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Exit;

/// <summary>Waits for the end of every started program on one thread, and takes each from the kernel's table at once: no zombie stays.</summary>
/// <remarks>
/// pidfd_open(2). A descriptor per program instead of SIGCHLD leaves the runtime's own handling of that signal alone. A kernel without it
/// costs one thread per program.
/// </remarks>
internal static unsafe class ExitWatcher
{
    private const int Add = 1; // EPOLL_CTL_ADD
    private const uint Readable = 1; // EPOLLIN
    private const int Batch = 64;

    private static readonly ConcurrentDictionary<int, Watched> Programs = new();
    private static readonly Lazy<int> Epoll = new(StartThread);

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;
    private static readonly int EventBytes = DataOffset + 8;

    /// <summary>Ends with the program. Must be called once for each started program.</summary>
    public static Task<ProcessExit> WatchAsync(int id) => WatchAsync(id, (int)Native.PidFdOpen((nint)Native.PidFdOpenCall, id, 0));

    internal static Task<ProcessExit> WatchAsync(int id, int descriptor)
    {
        if (descriptor < 0)
        {
            return Task.Factory.StartNew(() => Reap(id), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        var watched = new Watched(id, new TaskCompletionSource<ProcessExit>(TaskCreationOptions.RunContinuationsAsynchronously));
        Programs[descriptor] = watched;
        var entry = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(entry, 4), Readable);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + DataOffset, 8), descriptor);
        if (Native.EpollControl(Epoll.Value, Add, descriptor, entry) != 0)
        {
            Programs.TryRemove(descriptor, out _);
            _ = Native.Close(descriptor);
            return WatchAsync(id, -1);
        }

        return watched.Ended.Task;
    }

    private static int StartThread()
    {
        var epoll = Native.EpollCreate(Native.CloseOnExec);
        if (epoll >= 0)
        {
            new Thread(() => Watch(epoll)) { IsBackground = true, Name = "Farwire exits" }.Start();
        }

        return epoll;
    }

    private static void Watch(int epoll)
    {
        var events = stackalloc byte[Batch * EventBytes];
        while (true)
        {
            var count = Native.EpollWait(epoll, events, Batch, -1);
            for (var i = 0; i < count; i++)
            {
                var descriptor = (int)BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(events + (i * EventBytes) + DataOffset, 8));
                if (Programs.TryRemove(descriptor, out var watched))
                {
                    var exit = Reap(watched.Id);
                    _ = Native.Close(descriptor); // leaves the epoll set as well
                    watched.Ended.SetResult(exit);
                }
            }
        }
    }

    private static ProcessExit Reap(int id)
    {
        int status;
        int result;
        do
        {
            result = Native.WaitFor(id, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Native.Interrupted);

        // Somebody else waited for any child and took this one: its code is lost, its end is not.
        return result == id ? ProcessExit.FromStatus(status) : new ProcessExit(255, null);
    }

    private sealed record Watched(int Id, TaskCompletionSource<ProcessExit> Ended);
}

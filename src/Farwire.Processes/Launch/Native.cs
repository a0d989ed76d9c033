using System.Runtime.InteropServices;

namespace Farwire.Processes.Launch;

/// <summary>The calls of the C library that starting, watching and ending programs needs.</summary>
internal static unsafe partial class Native
{
    public const int Interrupted = 4; // EINTR
    public const int StopSignal = 19; // SIGSTOP
    public const int CloseOnExec = 0x80000; // O_CLOEXEC, EPOLL_CLOEXEC
    public const int PipeSizeCommand = 1031; // F_SETPIPE_SZ
    public const long PidFdOpenCall = 434; // the same number on every architecture
    public const short SpawnSetSignalDefaults = 0x04;
    public const short SpawnSetSignalMask = 0x08;
    public const short SpawnNewSession = 0x80;

    /// <summary>More bytes than posix_spawnattr_t, posix_spawn_file_actions_t or sigset_t have in any C library (336 is the most).</summary>
    public const int OpaqueBytes = 512;

    private const string C = "libc";

    [LibraryImport(C, SetLastError = true, EntryPoint = "pipe2")]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport(C, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(C, SetLastError = true, EntryPoint = "fcntl")]
    public static partial int FileControl(int descriptor, int command, nint argument);

    [LibraryImport(C, SetLastError = true, EntryPoint = "poll")]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport(C, SetLastError = true, EntryPoint = "kill")]
    public static partial int Kill(int id, int signal);

    [LibraryImport(C, SetLastError = true, EntryPoint = "waitpid")]
    public static partial int WaitFor(int id, int* status, int options);

    [LibraryImport(C, SetLastError = true, EntryPoint = "syscall")]
    public static partial nint PidFdOpen(nint number, nint id, nint flags);

    [LibraryImport(C, SetLastError = true, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    [LibraryImport(C, SetLastError = true, EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* poll);

    [LibraryImport(C, SetLastError = true, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport(C, EntryPoint = "sigfillset")]
    public static partial int FillSignals(byte* set);

    [LibraryImport(C, EntryPoint = "sigemptyset")]
    public static partial int EmptySignals(byte* set);

    [LibraryImport(C, EntryPoint = "posix_spawnp")]
    public static partial int Spawn(int* id, byte* file, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalDefaults(byte* attributes, byte* set);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(byte* attributes, byte* set);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddChangeDirectory(byte* actions, string path);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static partial int AddCloseFrom(byte* actions, int first);
}

[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Returned;
}

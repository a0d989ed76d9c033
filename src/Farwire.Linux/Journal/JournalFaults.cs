using System.Runtime.InteropServices;

namespace Farwire.Linux.Journal;

/// <summary>Lets a reader of journal files survive that journald cuts a file short, or gives its space back, while it is mapped.</summary>
/// <remarks>
/// mmap(2), "SIGBUS". The programs of systemd do the same: the page that is gone becomes one of zeros, and the library answers that the file is damaged. Only
/// what happens inside of a <see cref="Reading"/> is ours; everything else goes to whoever handled the signal before. No managed code may touch mapped
/// bytes: the signal must come while native code runs.
/// </remarks>
internal static unsafe partial class JournalFaults
{
    private const int BusError = 7;
    private const int WithInfo = 4;
    private const int Readable = 1;
    private const int PrivateAnonymousFixed = 0x32;

    [ThreadStatic]
    private static bool _isReading;

    private static SignalAction _before;

    // Before the first journal is opened.
    static JournalFaults()
    {
        var action = new SignalAction { Handler = (nint)(delegate* unmanaged<int, SignalInfo*, void*, void>)&Happened, Flags = WithInfo };
        fixed (SignalAction* before = &_before)
        {
            _ = Act(BusError, &action, before);
        }
    }

    /// <summary>Begins to read; ends when it is disposed.</summary>
    public static Scope Reading()
    {
        var scope = new Scope(_isReading);
        _isReading = true;
        return scope;
    }

    /// <summary>Copies mapped bytes.</summary>
    public static void Copy(nint from, Span<byte> to)
    {
        fixed (byte* target = to)
        {
            _ = CopyBytes((nint)target, from, (nuint)to.Length);
        }
    }

    [UnmanagedCallersOnly]
    private static void Happened(int signal, SignalInfo* info, void* context)
    {
        var page = info->Address & ~(nint)(Environment.SystemPageSize - 1);
        if (!_isReading || Map(page, (nuint)Environment.SystemPageSize, Readable, PrivateAnonymousFixed, -1, 0) != page)
        {
            // Not ours: the instruction runs again, and who was there before us is asked.
            fixed (SignalAction* before = &_before)
            {
                _ = Act(signal, before, null);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Act(int signal, SignalAction* action, SignalAction* before);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "memcpy")]
    private static partial nint CopyBytes(nint to, nint from, nuint length);

    /// <summary>The time of one call.</summary>
    public readonly ref struct Scope(bool before)
    {
        public void Dispose() => _isReading = before;
    }

    // sigaction(2) as glibc and musl lay it out on 64 bits.
    [StructLayout(LayoutKind.Sequential)]
    private struct SignalAction
    {
        public nint Handler;
        public fixed ulong Mask[16];
        public int Flags;
        public nint Restorer;
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct SignalInfo
    {
        [FieldOffset(16)]
        public nint Address;
    }
}

using System.Runtime.InteropServices;

namespace Farwire.Linux.Terminals;

/// <summary>How the terminal at standard input treats what is typed. Disposing it puts back what was.</summary>
/// <remarks>termios(3). The layout is that of Linux on every architecture but Alpha, MIPS, PowerPC and SPARC.</remarks>
public sealed unsafe partial class TerminalMode : IDisposable
{
    private const int StandardInput = 0;
    private const int Bytes = 256; // more than struct termios has
    private const int ApplyNow = 0; // TCSANOW
    private const int LocalFlags = 12; // c_lflag, behind three others of four bytes
    private const uint Echo = 0x8 | 0x10 | 0x20 | 0x40; // ECHO ECHOE ECHOK ECHONL

    private readonly byte[] _before;

    private TerminalMode(byte[] before) => _before = before;

    /// <summary>Typed characters are not shown. Null when standard input is no terminal.</summary>
    public static TerminalMode? WithoutEcho() => Change(static mode =>
    {
        var flags = BitConverter.ToUInt32(mode, LocalFlags) & ~Echo;
        BitConverter.TryWriteBytes(mode.AsSpan(LocalFlags), flags);
    });

    /// <summary>Every key goes on as it is: no lines, no echo, no signals. Null when standard input is no terminal.</summary>
    public static TerminalMode? Raw() => Change(static mode =>
    {
        fixed (byte* at = mode)
        {
            MakeRaw(at);
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        fixed (byte* at = _before)
        {
            _ = SetAttributes(StandardInput, ApplyNow, at);
        }
    }

    private static TerminalMode? Change(Action<byte[]> change)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var before = new byte[Bytes];
        fixed (byte* at = before)
        {
            if (GetAttributes(StandardInput, at) != 0)
            {
                return null;
            }
        }

        var mode = (byte[])before.Clone();
        change(mode);
        fixed (byte* at = mode)
        {
            return SetAttributes(StandardInput, ApplyNow, at) == 0 ? new TerminalMode(before) : null;
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, byte* mode);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, byte* mode);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* mode);
}

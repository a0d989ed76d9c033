using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Farwire.Linux.Files;

/// <summary>Reads small files of proc and sysfs with three system calls and no objects.</summary>
/// <remarks>proc(5). Such a file is made at the moment it is read: one read takes it whole, and its length is not known before.</remarks>
internal static partial class ProcFile
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Reads up to the buffer's length; -1 when the file cannot be read: it is gone, or not for us.</summary>
    public static int Read(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        if (path.Length == 0 || path[^1] != 0)
        {
            throw new ArgumentException("The path ends with a zero byte.", nameof(path));
        }

        var descriptor = Open(ref MemoryMarshal.GetReference(path), ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            return -1;
        }

        try
        {
            var length = 0;
            while (length < buffer.Length)
            {
                var read = Read(descriptor, ref buffer[length], (nuint)(buffer.Length - length));
                if (read <= 0)
                {
                    return read < 0 && length == 0 ? -1 : length;
                }

                length += (int)read;
            }

            return length;
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>The file's text without the line's end; null when it cannot be read. What goes beyond the limit is cut off.</summary>
    public static string? ReadText(string path, int limit = 64 * 1024)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        for (var size = Math.Min(limit, 16 * 1024); ; size = Math.Min(limit, size * 8))
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                var length = Read(name, buffer.AsSpan(0, size));
                if (length < size || size == limit)
                {
                    return length < 0 ? null : Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\n', '\0');
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(ref byte path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

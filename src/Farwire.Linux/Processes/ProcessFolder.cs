using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Processes;

/// <summary>The folder of one process, opened once: its files are reached from it without walking the path again.</summary>
/// <remarks>proc(5), openat(2). As long as it is open, its files are of this process and of no later one with the same id.</remarks>
internal readonly ref partial struct ProcessFolder
{
    private const int Flags = 0x290000; // O_PATH | O_DIRECTORY | O_CLOEXEC
    private const int FileFlags = 0x80000; // O_RDONLY | O_CLOEXEC
    private const int FolderFlags = 0x90000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC
    private const uint SizeField = 0x200;
    private const int SizeAt = 40;

    private readonly int _descriptor;

    private ProcessFolder(int descriptor) => _descriptor = descriptor;

    /// <summary>False when there is no such process.</summary>
    public bool Exists => _descriptor >= 0;

    /// <summary>Opens the folder of a process below the folder <paramref name="root"/>, whose name ends with a zero byte after room for the id.</summary>
    public static ProcessFolder Open(ReadOnlySpan<byte> root, int id)
    {
        Span<byte> path = stackalloc byte[root.Length + 12];
        root.CopyTo(path);
        Utf8Formatter.TryFormat(id, path[root.Length..], out var digits);
        path[root.Length + digits] = 0;
        return new ProcessFolder(OpenAt(-100, ref path[0], Flags));
    }

    /// <summary>Reads a file up to the buffer's length; -1 when it is gone or not for us.</summary>
    /// <param name="name">The file's name with a zero byte at its end.</param>
    /// <param name="buffer">Where it goes.</param>
    public int Read(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        var file = OpenAt(_descriptor, ref MemoryMarshal.GetReference(name), FileFlags);
        if (file < 0)
        {
            return -1;
        }

        var length = 0;
        nint read;
        do
        {
            read = Read(file, ref buffer[length], (nuint)(buffer.Length - length));
            length += (int)Math.Max(0, read);
        }
        while (read > 0 && length < buffer.Length);
        _ = Close(file);
        return read < 0 && length == 0 ? -1 : length;
    }

    /// <summary>Where a link leads; -1 when it is not for us.</summary>
    public int ReadLink(ReadOnlySpan<byte> name, Span<byte> buffer) =>
        (int)ReadLinkAt(_descriptor, ref MemoryMarshal.GetReference(name), ref buffer[0], (nuint)buffer.Length);

    /// <summary>How many entries a folder has; -1 when it is not for us.</summary>
    public int Count(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        // Since Linux 6.2 the size of the folder of open files is their number.
        if (Statx(_descriptor, ref MemoryMarshal.GetReference(name), 0, SizeField, ref buffer[0]) == 0 && MemoryMarshal.Read<long>(buffer[SizeAt..]) is > 0 and var size)
        {
            // The size is told to everybody, the files only to some; who may not see them is not told their number.
            return Access(_descriptor, ref MemoryMarshal.GetReference(name), 4, 0x200) == 0 ? (int)size : -1;
        }

        var folder = OpenAt(_descriptor, ref MemoryMarshal.GetReference(name), FolderFlags);
        if (folder < 0)
        {
            return -1;
        }

        // inode 8, offset 8, length 2, type 1, name
        var count = -2; // without . and ..
        for (int read; (read = (int)ReadEntries(folder, ref buffer[0], (nuint)buffer.Length)) > 0;)
        {
            for (var at = 0; at < read; at += MemoryMarshal.Read<ushort>(buffer[(at + 16)..]))
            {
                count++;
            }
        }

        _ = Close(folder);
        return count;
    }

    /// <summary>Closes the folder.</summary>
    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = Close(_descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "openat")]
    private static partial int OpenAt(int folder, ref byte path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "readlinkat")]
    private static partial nint ReadLinkAt(int folder, ref byte path, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Statx(int folder, ref byte path, int flags, uint mask, ref byte answer);

    [LibraryImport("libc", EntryPoint = "faccessat")]
    private static partial int Access(int folder, ref byte path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "getdents64")]
    private static partial nint ReadEntries(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

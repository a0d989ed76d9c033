using System.Runtime.InteropServices;

namespace Farwire.Linux.Files;

/// <summary>When a file was made.</summary>
/// <remarks>statx(2). Not every file system keeps it, and then it is unknown, where .NET would answer another time.</remarks>
public static partial class FileTimes
{
    private const int CurrentFolder = -100;
    private const uint BirthTime = 0x800;
    private const int BirthTimeAt = 80;

    /// <summary>The time, or null when the file system does not keep it or the file is not there.</summary>
    public static DateTimeOffset? Created(string path)
    {
        Span<byte> answer = stackalloc byte[256];
        if (Statx(CurrentFolder, path, 0, BirthTime, ref answer[0]) != 0 || (MemoryMarshal.Read<uint>(answer) & BirthTime) == 0)
        {
            return null;
        }

        var seconds = MemoryMarshal.Read<long>(answer[BirthTimeAt..]);
        if (seconds == 0)
        {
            return null; // an image made by a tool that wrote no times
        }

        var nanoseconds = MemoryMarshal.Read<uint>(answer[(BirthTimeAt + 8)..]);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte answer);
}

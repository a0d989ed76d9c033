using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Farwire.Linux.Memory;

/// <summary>The pages of this process's memory that programs and libraries fill: what start-up read of them can be given back.</summary>
/// <remarks>
/// proc(5), "/proc/pid/smaps"; madvise(2), "MADV_DONTNEED". Only mappings of files that this process may not write and never wrote are touched:
/// the kernel takes such a page again from the file, which it mostly still keeps, when it is next used.
/// </remarks>
public static partial class ResidentPages
{
    private const string Mappings = "/proc/self/smaps";
    private const int DontNeed = 4;

    /// <summary>Gives back the pages of files that are unwritten. What the process goes on using comes back with its first use.</summary>
    /// <returns>How many kilobytes were given back; 0 where the kernel shows no mappings.</returns>
    public static long GiveBack()
    {
        if (!File.Exists(Mappings))
        {
            return 0;
        }

        // Read whole before the first page goes: the list changes with every one that does. Its size is that of a few hundred mappings.
        using var smaps = File.OpenHandle(Mappings);
        var text = new byte[64 * 1024];
        var length = 0;
        while (RandomAccess.Read(smaps, text.AsSpan(length), length) is > 0 and var read)
        {
            length += read;
            if (length == text.Length)
            {
                Array.Resize(ref text, text.Length * 2);
            }
        }

        return GiveBack(text.AsSpan(0, length));
    }

    private static long GiveBack(ReadOnlySpan<byte> smaps)
    {
        long given = 0;
        Mapping mapping = default;
        foreach (var range in smaps.Split((byte)'\n'))
        {
            var line = smaps[range];
            if (Mapping.TryRead(line, out var next))
            {
                given += GiveBack(mapping);
                mapping = next;
            }
            else if (Field(line, "Rss:"u8) is { } resident)
            {
                mapping.Resident = resident;
            }
            else if (Field(line, "Anonymous:"u8) is > 0)
            {
                mapping.MayGo = false;
            }
        }

        return given + GiveBack(mapping);
    }

    private static long GiveBack(in Mapping mapping) =>
        mapping is { MayGo: true, Resident: > 0 } && Advise(mapping.Start, mapping.Length, DontNeed) == 0 ? mapping.Resident : 0;

    // "Rss:                  16 kB"
    private static long? Field(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..].TrimStart((byte)' '), out long kilobytes, out _) ? kilobytes : null;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    private struct Mapping
    {
        public nint Start;
        public nuint Length;
        public long Resident;
        public bool MayGo;

        // "7f0012340000-7f0012380000 r-xp 00000000 fe:00 1234  /usr/lib/libc.so.6"
        public static bool TryRead(ReadOnlySpan<byte> line, out Mapping mapping)
        {
            mapping = default;
            if (!Utf8Parser.TryParse(line, out ulong start, out var used, 'x') || used >= line.Length || line[used] != '-'
                || !Utf8Parser.TryParse(line[(used + 1)..], out ulong end, out var rest, 'x'))
            {
                return false;
            }

            var access = line[(used + 1 + rest)..].TrimStart((byte)' ');
            mapping.Start = (nint)start;
            mapping.Length = (nuint)(end - start);
            mapping.MayGo = (access.StartsWith("r--"u8) || access.StartsWith("r-xp"u8)) && access.IndexOf(" /"u8) is > 0 and var path
                && !access[path..].StartsWith(" /memfd:"u8);
            return true;
        }
    }
}

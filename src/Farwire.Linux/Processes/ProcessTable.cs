using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Processes;

/// <summary>The processes of the system, read as lazily as they are taken.</summary>
/// <remarks>proc(5).</remarks>
public sealed class ProcessTable(LinuxPaths paths)
{
    private const long TicksPerClock = TimeSpan.TicksPerSecond / 100; // USER_HZ is 100 on every architecture .NET runs on

    private static readonly ulong PageBytes = (ulong)Environment.SystemPageSize;

    private readonly byte[] _root = Encoding.UTF8.GetBytes(paths.Proc + "/");

    /// <summary>How many processes there are.</summary>
    public int Count() => Ids().Count();

    /// <summary>All processes; those that end meanwhile are left out.</summary>
    public IEnumerable<ProcessFacts> Read(ProcessDetails details)
    {
        foreach (var id in Ids())
        {
            if (Read(id, details) is { } process)
            {
                yield return process;
            }
        }
    }

    /// <summary>One process, or null when there is none of that id.</summary>
    public ProcessFacts? Read(int id, ProcessDetails details)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var process = new ProcessFacts { Id = id };
        if (details.HasFlag(ProcessDetails.Stat))
        {
            var length = ReadFile(id, "/stat"u8, buffer);
            if (length < 0 || !ParseStat(process, buffer[..length]))
            {
                return null;
            }
        }
        else if (!Directory.Exists($"{paths.Proc}/{id}"))
        {
            return null;
        }

        // The kernel keeps 15 characters of a name; the first argument has all of it.
        if (details.HasFlag(ProcessDetails.CommandLine) || process.Name is { Length: 15 })
        {
            var length = ReadFile(id, "/cmdline"u8, buffer);
            process.CommandLine = length > 0 ? Encoding.UTF8.GetString(buffer[..length]).TrimEnd('\0').Replace('\0', ' ') : null;
            if (process is { Name.Length: 15, CommandLine: { } line })
            {
                var program = Path.GetFileName(line.Split(' ')[0]);
                process.Name = program.StartsWith(process.Name, StringComparison.Ordinal) ? program : process.Name;
            }
        }

        if (details.HasFlag(ProcessDetails.Executable))
        {
            process.Executable = LinkTarget($"{paths.Proc}/{id}/exe");
        }

        if (details.HasFlag(ProcessDetails.Status) && ReadFile(id, "/status"u8, buffer) is > 0 and var statusLength)
        {
            var status = buffer[..statusLength];
            process.PeakVirtualBytes = Field(status, "VmPeak:"u8) * 1024;
            process.PeakResidentBytes = Field(status, "VmHWM:"u8) * 1024;
            process.PrivateBytes = (Field(status, "VmData:"u8) + Field(status, "VmStk:"u8)) * 1024;
            process.SwappedBytes = Field(status, "VmSwap:"u8) * 1024;
        }

        if (details.HasFlag(ProcessDetails.InputOutput) && ReadFile(id, "/io"u8, buffer) is > 0 and var ioLength)
        {
            var io = buffer[..ioLength];
            process.ReadBytes = Field(io, "rchar:"u8);
            process.WrittenBytes = Field(io, "wchar:"u8);
            process.ReadOperations = Field(io, "syscr:"u8);
            process.WriteOperations = Field(io, "syscw:"u8);
        }

        if (details.HasFlag(ProcessDetails.Handles))
        {
            try
            {
                process.Handles = Directory.EnumerateFileSystemEntries($"{paths.Proc}/{id}/fd").Count();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's: not for us to see.
            }
        }

        return process;
    }

    private IEnumerable<int> Ids()
    {
        foreach (var path in Directory.EnumerateDirectories(paths.Proc))
        {
            if (int.TryParse(path.AsSpan(paths.Proc.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                yield return id;
            }
        }
    }

    private int ReadFile(int id, ReadOnlySpan<byte> file, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[_root.Length + 10 + file.Length + 1];
        _root.CopyTo(path);
        Utf8Formatter.TryFormat(id, path[_root.Length..], out var digits);
        file.CopyTo(path[(_root.Length + digits)..]);
        path[_root.Length + digits + file.Length] = 0;
        return ProcFile.Read(path[..(_root.Length + digits + file.Length + 1)], buffer);
    }

    // pid (name) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority nice threads
    // itrealvalue starttime vsize rss …; the name may hold anything, blanks and parentheses too.
    private static bool ParseStat(ProcessFacts process, ReadOnlySpan<byte> stat)
    {
        var open = stat.IndexOf((byte)'(');
        var close = stat.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            return false;
        }

        process.Name = Encoding.UTF8.GetString(stat[(open + 1)..close]);
        Span<long> fields = stackalloc long[22];
        var rest = stat[(close + 4)..]; // after ") S "
        var count = 0;
        while (count < fields.Length && Utf8Parser.TryParse(rest, out long value, out var used))
        {
            fields[count++] = value;
            rest = rest[used..].TrimStart((byte)' ');
        }

        if (count < fields.Length)
        {
            // The last fields may be unsigned and too large for a long; those before are what matters.
            if (count < 21)
            {
                return false;
            }
        }

        process.ParentId = (int)fields[0];
        process.SessionId = (int)fields[2];
        process.PageFaults = fields[6] + fields[8];
        process.UserTicks = fields[10] * TicksPerClock;
        process.KernelTicks = fields[11] * TicksPerClock;
        process.Priority = (int)fields[14];
        process.Threads = (int)fields[16];
        process.StartTicks = fields[18] * TicksPerClock;
        process.VirtualBytes = (ulong)fields[19];
        process.ResidentBytes = (ulong)fields[20] * PageBytes;
        return true;
    }

    private static ulong? Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var value = text[(at + name.Length)..].TrimStart(" \t"u8);
        return Utf8Parser.TryParse(value, out ulong number, out _) ? number : null;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

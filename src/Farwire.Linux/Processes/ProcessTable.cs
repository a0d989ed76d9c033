using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using Farwire.Linux.Files;

namespace Farwire.Linux.Processes;

/// <summary>The processes of the system, read as lazily as they are taken.</summary>
/// <remarks>proc(5).</remarks>
public sealed class ProcessTable(LinuxPaths paths)
{
    private const int BufferBytes = 16 * 1024;
    private const int MaxCommandLineBytes = 4 * 1024 * 1024;
    private const long TicksPerClock = TimeSpan.TicksPerSecond / 100; // USER_HZ is 100 on every architecture .NET runs on

    private static readonly ulong PageBytes = (ulong)Environment.SystemPageSize;

    private readonly byte[] _root = Encoding.UTF8.GetBytes(paths.Proc + "/");

    /// <summary>How many processes there are.</summary>
    public int Count() => Ids().Count();

    /// <summary>All processes; those that end meanwhile are left out.</summary>
    public IEnumerable<ProcessFacts> Read(ProcessDetails details)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            foreach (var id in Ids())
            {
                if (Read(id, details, buffer) is { } process)
                {
                    yield return process;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>One process, or null when there is none of that id.</summary>
    public ProcessFacts? Read(int id, ProcessDetails details)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            return Read(id, details, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ProcessFacts? Read(int id, ProcessDetails details, Span<byte> buffer)
    {
        using var folder = ProcessFolder.Open(_root, id);
        if (!folder.Exists)
        {
            return null;
        }

        var process = new ProcessFacts { Id = id };
        if (details.HasFlag(ProcessDetails.Stat))
        {
            var length = folder.Read("stat\0"u8, buffer);
            if (length < 0 || !ParseStat(process, buffer[..length]))
            {
                return null;
            }
        }

        // The kernel keeps 15 characters of a name; the first argument has all of it.
        if (details.HasFlag(ProcessDetails.CommandLine) || process.Name is { Length: 15 })
        {
            process.CommandLine = ReadCommandLine(folder, buffer);
            if (process is { Name.Length: 15, CommandLine: { } line })
            {
                var program = Path.GetFileName(line.Split(' ')[0]);
                process.Name = program.StartsWith(process.Name, StringComparison.Ordinal) ? program : process.Name;
            }
        }

        if (details.HasFlag(ProcessDetails.Executable) && folder.ReadLink("exe\0"u8, buffer) is > 0 and var linkLength)
        {
            process.Executable = Encoding.UTF8.GetString(buffer[..linkLength]);
        }

        if (details.HasFlag(ProcessDetails.Status) && folder.Read("status\0"u8, buffer) is > 0 and var statusLength)
        {
            ParseStatus(process, buffer[..statusLength]);
        }

        if (details.HasFlag(ProcessDetails.InputOutput) && folder.Read("io\0"u8, buffer) is > 0 and var ioLength)
        {
            var io = buffer[..ioLength];
            process.ReadBytes = Field(io, "rchar:"u8);
            process.WrittenBytes = Field(io, "wchar:"u8);
            process.ReadOperations = Field(io, "syscr:"u8);
            process.WriteOperations = Field(io, "syscw:"u8);
        }

        if (details.HasFlag(ProcessDetails.Handles) && folder.Count("fd\0"u8, buffer) is >= 0 and var handles)
        {
            process.Handles = handles;
        }

        return process;
    }

    // Arguments end with zero bytes each.
    private static string? ReadCommandLine(ProcessFolder folder, Span<byte> buffer)
    {
        var length = folder.Read("cmdline\0"u8, buffer);
        if (length <= 0)
        {
            return null;
        }

        byte[]? large = null;
        if (length == buffer.Length)
        {
            buffer = large = ArrayPool<byte>.Shared.Rent(MaxCommandLineBytes);
            length = Math.Max(0, folder.Read("cmdline\0"u8, buffer));
        }

        var line = buffer[..length].TrimEnd((byte)0);
        line.Replace((byte)0, (byte)' ');
        var text = Encoding.UTF8.GetString(line);
        if (large is not null)
        {
            ArrayPool<byte>.Shared.Return(large);
        }

        return text;
    }

    private static void ParseStatus(ProcessFacts process, ReadOnlySpan<byte> status)
    {
        process.UserId = Effective(status, "\nUid:\t"u8);
        process.GroupId = Effective(status, "\nGid:\t"u8);
        process.PeakVirtualBytes = Field(status, "VmPeak:"u8) * 1024;
        process.PeakResidentBytes = Field(status, "VmHWM:"u8) * 1024;
        process.PrivateBytes = (Field(status, "VmData:"u8) + Field(status, "VmStk:"u8)) * 1024;
        process.SwappedBytes = Field(status, "VmSwap:"u8) * 1024;
    }

    private FileSystemEnumerable<int> Ids() => new(paths.Proc, static (ref entry) => int.Parse(entry.FileName, CultureInfo.InvariantCulture))
    {
        ShouldIncludePredicate = static (ref entry) => entry.FileName[0] is >= '1' and <= '9' && entry.FileName.IndexOfAnyExceptInRange('0', '9') < 0,
    };

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

        process.State = (char)stat[close + 2];
        process.Nice = (int)fields[15];
        process.ParentId = (int)fields[0];
        process.SessionId = (int)fields[2];
        process.Terminal = (int)fields[3];
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

    // real, effective, saved, file system
    private static uint? Effective(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var ids = text[(at + name.Length)..];
        return Utf8Parser.TryParse(ids[(ids.IndexOf((byte)'\t') + 1)..], out uint id, out _) ? id : null;
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
}

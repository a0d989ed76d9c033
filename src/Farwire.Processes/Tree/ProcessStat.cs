using System.Globalization;

namespace Farwire.Processes.Tree;

/// <summary>The relations of one process.</summary>
/// <remarks>proc_pid_stat(5).</remarks>
internal readonly record struct ProcessStat(int Id, char State, int Parent, int Session, ulong StartTicks)
{
    /// <summary>Ended, but still on the table of the kernel: nothing runs any more.</summary>
    public bool IsEnded => State is 'Z' or 'X';

    /// <summary>Null when the process is gone.</summary>
    public static ProcessStat? Read(int id, Span<byte> buffer)
    {
        try
        {
            using var file = File.OpenHandle($"/proc/{id}/stat");
            return Parse(id, buffer[..RandomAccess.Read(file, buffer, 0)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The memory of a process that is in use now; 0 when it is gone.</summary>
    public static long ResidentBytes(int id)
    {
        try
        {
            // size resident shared …, in pages
            var fields = File.ReadAllText($"/proc/{id}/statm").Split(' ');
            return fields.Length > 1 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? pages * Environment.SystemPageSize : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // 12 (a name) S 1 12 12 …: the name may hold anything, blanks and brackets too; the last bracket ends it.
    internal static ProcessStat? Parse(int id, ReadOnlySpan<byte> text)
    {
        var rest = text[(text.LastIndexOf((byte)')') + 1)..];
        var field = 2;
        char state = '?';
        int parent = 0, session = 0;
        foreach (var range in rest.Split((byte)' '))
        {
            var value = rest[range];
            if (value.IsEmpty)
            {
                continue;
            }

            switch (++field)
            {
                case 3: state = (char)value[0]; break;
                case 4: parent = int.Parse(value, CultureInfo.InvariantCulture); break;
                case 6: session = int.Parse(value, CultureInfo.InvariantCulture); break;
                case 22: return new ProcessStat(id, state, parent, session, ulong.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        return null;
    }
}

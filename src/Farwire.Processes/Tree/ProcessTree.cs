using System.Globalization;
using System.Text;
using Farwire.Processes.Exit;
using Farwire.Processes.Launch;

namespace Farwire.Processes.Tree;

/// <summary>Everybody who descends from a program: by session, by parents, and by the mark in the environment.</summary>
/// <remarks>
/// A child that calls setsid and loses its parent is found by the mark alone. Who also empties its environment escapes, as it would escape
/// everything short of a control group.
/// </remarks>
internal static class ProcessTree
{
    // Each round ends all that the last one saw; only a program that forks faster than it is ended needs many.
    private const int MaxRounds = 500;

    /// <summary>Ends all members, and returns when none runs.</summary>
    public static async Task EndAsync(int root, string mark, ulong oldest)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var members = Members(root, mark, oldest);
            if (members.Count == 0)
            {
                return;
            }

            foreach (var member in members)
            {
                _ = Native.Kill(member, (int)ProcessSignal.Kill);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        }
    }

    /// <summary>The ids of all who run.</summary>
    public static List<int> Members(int root, string mark, ulong oldest)
    {
        var all = Snapshot();
        var needle = Encoding.UTF8.GetBytes($"{ProcessLauncher.TreeVariable}={mark}");
        var members = new List<int>();
        foreach (var process in all.Values)
        {
            if (!process.IsEnded
                && process.Id != Environment.ProcessId
                && process.StartTicks >= oldest
                && (process.Session == root || Descends(process, root, all) || IsMarked(process.Id, needle)))
            {
                members.Add(process.Id);
            }
        }

        return members;
    }

    /// <summary>What the session of a program, and all who descend from it, take.</summary>
    public static ProcessUsage Usage(int root)
    {
        var all = Snapshot();
        var usage = default(ProcessUsage);
        foreach (var process in all.Values)
        {
            if (!process.IsEnded && (process.Session == root || Descends(process, root, all)))
            {
                usage += new ProcessUsage(1, ProcessStat.ResidentBytes(process.Id));
            }
        }

        return usage;
    }

    /// <summary>The time as proc_pid_stat(5) counts starts: hundredths of a second since boot.</summary>
    public static ulong TicksNow() => (ulong)Environment.TickCount64 / 10;

    private static Dictionary<int, ProcessStat> Snapshot()
    {
        var all = new Dictionary<int, ProcessStat>();
        Span<byte> buffer = stackalloc byte[1024];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ProcessStat.Read(id, buffer) is { } process)
            {
                all.Add(id, process);
            }
        }

        return all;
    }

    private static bool Descends(ProcessStat process, int root, Dictionary<int, ProcessStat> all)
    {
        // Bounded by the table's size: ids that were used again could close a ring.
        for (var i = 0; i < all.Count; i++)
        {
            if (process.Id == root)
            {
                return true;
            }

            if (!all.TryGetValue(process.Parent, out process))
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsMarked(int id, ReadOnlySpan<byte> needle)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ").AsSpan().IndexOf(needle) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone, or another account's, and so not ours
        }
    }
}

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
    private const int MaxRounds = 500;

    // Each round ends all that the last one saw. Who forks faster than that is stopped first, round after round, until nobody is left who could fork.
    private const int PatientRounds = 3;

    /// <summary>Ends all members, and returns when none runs.</summary>
    public static async Task EndAsync(int root, string mark, ulong oldest)
    {
        var stopped = new HashSet<int>();
        for (var round = 0; round < MaxRounds; round++)
        {
            var members = Members(root, mark, oldest);
            if (members.Count == 0)
            {
                return;
            }

            var kill = round < PatientRounds || members.TrueForAll(stopped.Contains);
            foreach (var member in members)
            {
                _ = Native.Kill(member, kill ? (int)ProcessSignal.Kill : Native.StopSignal);
            }

            stopped.UnionWith(kill ? [] : members);

            await Task.Delay(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        }
    }

    /// <summary>The ids of all who run.</summary>
    public static List<int> Members(int root, string mark, ulong oldest)
    {
        var all = ProcessSnapshot.Take();
        var needle = Encoding.UTF8.GetBytes($"{ProcessLauncher.TreeVariable}={mark}");
        var members = new List<int>();
        foreach (var process in all.Running)
        {
            if (process.Id != Environment.ProcessId
                && process.StartTicks >= oldest
                && (process.Session == root || all.Descends(process, root) || IsMarked(process.Id, needle)))
            {
                members.Add(process.Id);
            }
        }

        return members;
    }

    /// <summary>The time as proc_pid_stat(5) counts starts: hundredths of a second since boot.</summary>
    public static ulong TicksNow() => (ulong)Environment.TickCount64 / 10;

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

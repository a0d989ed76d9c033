namespace Farwire.Processes.Tree;

/// <summary>What many programs take at one moment, with one look at all processes.</summary>
public static class ProcessSurvey
{
    /// <summary>What each of <paramref name="programs"/> and all it started take, in their order.</summary>
    public static IReadOnlyList<ProcessUsage> Take(IReadOnlyList<RunningProcess> programs)
    {
        ProcessSnapshot? all = null;

        // A program moves into its control group as the first thing it does: until then the group is empty, and the table of processes knows better.
        return [.. programs.Select(program => program.Members() is { Count: > 0 } members
            ? new ProcessUsage(members.Count, members.Sum(ProcessStat.ResidentBytes))
            : (all ??= ProcessSnapshot.Take()).UsageOf(program.Id))];
    }
}

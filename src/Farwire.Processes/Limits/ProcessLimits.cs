namespace Farwire.Processes.Limits;

/// <summary>How limits of programs are kept on this machine.</summary>
public static class ProcessLimits
{
    /// <summary>Control groups can be made: a program and all it started are ended in one step.</summary>
    public static bool HasControlGroups => ControlGroups.OfThisProcess is not null;

    /// <summary>The kernel keeps to the memory and to the number of processes of a group; otherwise they are watched.</summary>
    public static bool AreKeptByKernel => ControlGroups.OfThisProcess is { LimitsMemory: true, LimitsProcesses: true };
}

namespace Farwire.Processes.Tree;

/// <summary>What a tree of processes takes.</summary>
/// <param name="Processes">How many run.</param>
/// <param name="MemoryBytes">Memory resident, shared pages counted for each.</param>
public readonly record struct ProcessUsage(int Processes, long MemoryBytes)
{
    /// <summary>Both together.</summary>
    public static ProcessUsage operator +(ProcessUsage left, ProcessUsage right) =>
        new(left.Processes + right.Processes, left.MemoryBytes + right.MemoryBytes);

    /// <summary>Both together.</summary>
    public static ProcessUsage Add(ProcessUsage left, ProcessUsage right) => left + right;
}

namespace Farwire.Processes.Limits;

/// <summary>Programs that have their limits in common, and all that they start.</summary>
/// <param name="Name">Letters, digits and hyphens; programs that are given the same name are of one group.</param>
/// <param name="MaxProcesses">Processes that they may have together; 0 is no limit.</param>
/// <param name="MaxMemoryBytes">Memory that they may have together; 0 is no limit.</param>
public sealed record ProgramGroup(string Name, int MaxProcesses, long MaxMemoryBytes)
{
    private const int MaxNameLength = 64;

    /// <summary>The name can be that of a folder, and of none elsewhere.</summary>
    internal bool IsValid => Name.Length is > 0 and <= MaxNameLength && Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && MaxProcesses >= 0 && MaxMemoryBytes >= 0;
}

namespace Farwire.Events.Records;

/// <summary>The names of levels.</summary>
/// <remarks>Windows Event Log, "LevelType". 0, which is always written, is shown as information there too.</remarks>
public static class EventLevel
{
    private static readonly string[] Names = ["Information", "Critical", "Error", "Warning", "Information", "Verbose"];

    /// <summary>The name of a level; of a missing one, and of one that a provider defines for itself, that of information.</summary>
    public static string NameOf(int? level) => IsStandard(level) ? Names[level!.Value] : Names[4];

    /// <summary>It is one of the levels that every provider has.</summary>
    public static bool IsStandard(int? level) => level is >= 0 and < 6;
}

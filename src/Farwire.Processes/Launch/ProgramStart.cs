using Farwire.Processes.Limits;

namespace Farwire.Processes.Launch;

/// <summary>What to start, and with which surroundings.</summary>
/// <param name="Program">A path, or a name that is looked up in the service's PATH.</param>
/// <param name="Arguments">What follows the program's name; handed over as they are, no shell between.</param>
public sealed record ProgramStart(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables beside those of the service, which they replace where the names are equal.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where the program starts; null is where the service is.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The programs with which it shares limits; null is none.</summary>
    public ProgramGroup? Group { get; init; }
}

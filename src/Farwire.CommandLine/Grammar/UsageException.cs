using System.Diagnostics.CodeAnalysis;

namespace Farwire.CommandLine.Grammar;

/// <summary>A command line that means nothing, with what would.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such error without a problem.")]
public sealed class UsageException(string problem) : Exception(problem)
{
    /// <summary>The problem shows the right form already: no more has to be said.</summary>
    public bool ShowsForm { get; init; }
}

using System.Diagnostics.CodeAnalysis;

namespace Farwire.Cim.Mof;

/// <summary>Text that is not MOF, with the place where it stops being so.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such error without a place.")]
public sealed class MofException(string problem, int line, int column) : FormatException($"line {line}, column {column}: {problem}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = column;
}

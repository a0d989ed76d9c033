using System.Diagnostics.CodeAnalysis;

namespace Farwire.Cim.Wql;

/// <summary>Text that is not WQL, with the place where it stops being one.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such error without a place.")]
public sealed class WqlException(string problem, int position) : FormatException($"at character {position}: {problem}")
{
    /// <summary>The query may be right, but is more than one query may be.</summary>
    public bool IsLimit { get; init; }

    /// <summary>The character, from 1.</summary>
    public int Position { get; } = position;
}

using System.Diagnostics.CodeAnalysis;

namespace Farwire.Source.Mapping;

/// <summary>Rules that are none: where, and what is expected there.</summary>
/// <param name="line">The line, from 1; 0 when it is about the whole.</param>
/// <param name="reason">A sentence.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such error without a sentence.")]
public sealed class EventRuleException(long line, string reason) : Exception(line > 0 ? $"line {line}: {reason}" : reason)
{
    /// <summary>The line, from 1; 0 when it is about the whole.</summary>
    public long Line { get; } = line;

    /// <summary>The sentence alone.</summary>
    public string Reason { get; } = reason;
}

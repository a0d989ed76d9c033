using System.Diagnostics.CodeAnalysis;

namespace Farwire.Events.Subscriptions;

/// <summary>Text that is not a subscription.</summary>
/// <param name="line">The line, from 1; 0 when none can be named.</param>
/// <param name="problem">What is wrong, and what is allowed.</param>
[SuppressMessage("Design", "CA1032", Justification = "There is no such error without a sentence.")]
public sealed class SubscriptionFormatException(int line, string problem)
    : Exception(line > 0 ? $"line {line}: {problem}" : problem)
{
    /// <summary>The line, from 1; 0 when none can be named.</summary>
    public int Line { get; } = line;
}

using System.Diagnostics.CodeAnalysis;

namespace Farwire.Events.Queries;

/// <summary>A query that is not one: where it breaks, and what is allowed there.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such error without a sentence.")]
public sealed class EventQueryException(string message) : Exception(message)
{
    /// <summary>The number that Windows gives for it: ERROR_EVT_INVALID_QUERY.</summary>
    public const int Code = 15001;
}

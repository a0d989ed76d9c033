using System.Diagnostics.CodeAnalysis;

namespace Farwire.Protocol.Faults;

/// <summary>A fault on its way: thrown by the service's resources for their caller, and by the client for a fault that arrived.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no fault exception without a fault.")]
public sealed class WSManFaultException : Exception
{
    /// <summary>Carries <paramref name="fault"/>.</summary>
    /// <param name="fault">What went wrong, in the vocabulary of the standard.</param>
    /// <param name="relatesTo">The message it answers, when the thrower knows.</param>
    public WSManFaultException(WSManFault fault, string? relatesTo = null)
        : base(fault.Message)
    {
        Fault = fault;
        RelatesTo = relatesTo;
    }

    /// <summary>What went wrong.</summary>
    public WSManFault Fault { get; }

    /// <summary>The message it answers; null when the boundary knows it.</summary>
    public string? RelatesTo { get; }
}

using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.Connection;

/// <summary>The message did not get there, or the answer did not get back. What the service itself refuses is a fault instead.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a place.")]
public sealed class WSManTransportException(TransportFailure failure, string message, string fix, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Where it broke.</summary>
    public TransportFailure Failure { get; } = failure;

    /// <summary>What to do about it: a sentence for an operator.</summary>
    public string Fix { get; } = fix;

    /// <summary>The number that Windows' own client gives for it, where it has one of its own.</summary>
    public uint? Code { get; init; }
}

using System.Diagnostics.CodeAnalysis;

namespace Farwire.Security;

/// <summary>A token or a sealed message is not what it should be.</summary>
/// <remarks>The message is for the log of the side that throws; a service never tells its client more than that it is refused.</remarks>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
public sealed class SecurityTokenException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The peer does not know the mechanism, or it is not to be had here: another may do.</summary>
    public bool IsUnavailable { get; init; }
}

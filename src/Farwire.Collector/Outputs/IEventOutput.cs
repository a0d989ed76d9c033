using System.Diagnostics.CodeAnalysis;
using Farwire.Collector.Store;

namespace Farwire.Collector.Outputs;

/// <summary>Carries stored events to another system.</summary>
/// <remarks>At least once: what fails is sent again whole.</remarks>
public interface IEventOutput : IAsyncDisposable
{
    /// <summary>Sends events, oldest first; when the task ends, the other side has them.</summary>
    /// <returns>Those that the other side will never take, each with its reason.</returns>
    /// <exception cref="OutputException">The other side cannot be reached or cannot take anything now.</exception>
    Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken);
}

/// <summary>An output cannot send now; it is tried again.</summary>
[SuppressMessage("Design", "CA1032", Justification = "There is no such failure without a reason.")]
public sealed class OutputException(string message, Exception? inner = null) : Exception(message, inner);

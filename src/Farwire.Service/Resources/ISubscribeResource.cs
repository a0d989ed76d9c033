using Farwire.Protocol.Eventing;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource that tells of events.</summary>
/// <remarks>WS-Eventing, "Subscribe"; DSP0226, "Pull delivery mode". A filter that the resource cannot serve faults; it is never ignored.</remarks>
public interface ISubscribeResource : IResource
{
    /// <summary>
    /// Opens the stream of events: a list without an end, whose next item is the next event. It outlives the request, must not keep
    /// <paramref name="context"/>, and is disposed when the subscription ends or expires.
    /// </summary>
    ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request);
}

namespace Farwire.Protocol.Envelope;

/// <summary>Carries one request to a service and brings back what it answers.</summary>
/// <remarks>
/// Nearly always exactly one reply; robust connections and prompts answer with several (MS-WSMV, "Robust connections"). A fault is a reply,
/// not an exception: only a broken way there or back throws.
/// </remarks>
public interface IMessageChannel : IAsyncDisposable
{
    /// <summary>Sends <paramref name="request"/>; dispose each reply after reading it.</summary>
    IAsyncEnumerable<ReceivedReply> SendAsync(Request request, CancellationToken cancellationToken);
}

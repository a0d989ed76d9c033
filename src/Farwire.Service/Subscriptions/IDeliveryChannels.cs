using Farwire.Protocol.Envelope;
using Farwire.Protocol.Eventing;

namespace Farwire.Service.Subscriptions;

/// <summary>Opens the ways to where subscribers listen. What a way is made of and how the sender proves itself on it is the host's matter.</summary>
public interface IDeliveryChannels
{
    /// <summary>Opens the way; nothing is connected before the first message.</summary>
    /// <exception cref="Protocol.Faults.WSManFaultException">The address cannot be used: no scheme that is served, or clear text where that is not allowed.</exception>
    IDeliveryChannel Open(EventingReference to);
}

/// <summary>The way to one subscriber.</summary>
public interface IDeliveryChannel : IAsyncDisposable
{
    /// <summary>Sends a message and answers the reply; null when there is none, as in modes where nobody acknowledges.</summary>
    /// <exception cref="DeliveryException">It did not get there, or what came back is no answer.</exception>
    Task<ReceivedReply?> SendAsync(Request message, CancellationToken cancellationToken);
}

/// <summary>A message did not reach a subscriber.</summary>
public sealed class DeliveryException : IOException
{
    /// <summary>For a reason without words.</summary>
    public DeliveryException()
    {
    }

    /// <summary>For a reason.</summary>
    public DeliveryException(string message)
        : base(message)
    {
    }

    /// <summary>For a reason that has its own.</summary>
    public DeliveryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

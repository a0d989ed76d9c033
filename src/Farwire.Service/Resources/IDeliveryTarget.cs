using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>Takes what sources send for their subscriptions: events, heartbeats, the end.</summary>
/// <remarks>
/// DSP0226, "Delivery modes". Such messages name no resource: the path they are sent to and the header <c>e:Identifier</c> say what they are about. Who
/// may send is the target's to decide, for it depends on the subscription.
/// </remarks>
public interface IDeliveryTarget
{
    /// <summary>True for a path of subscriptions.</summary>
    bool Takes(string path);

    /// <summary>Takes a message. When the task ends, the message may be acknowledged: what it brought is safe.</summary>
    ValueTask DeliverAsync(OperationContext context, BodyReader body);
}

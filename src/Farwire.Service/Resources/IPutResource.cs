using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource that can be changed.</summary>
/// <remarks>WS-Transfer, "Put".</remarks>
public interface IPutResource : IResource
{
    /// <summary>Changes the instance that the selectors name, and answers its new representation or <see cref="EmptyBody"/>.</summary>
    ValueTask<IBody> PutAsync(OperationContext context, BodyReader representation);
}

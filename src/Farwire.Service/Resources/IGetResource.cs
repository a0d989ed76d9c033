using Farwire.Protocol.Envelope;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource that can be read.</summary>
/// <remarks>WS-Transfer, "Get".</remarks>
public interface IGetResource : IResource
{
    /// <summary>Answers the representation of the instance that the selectors name.</summary>
    ValueTask<IBody> GetAsync(OperationContext context);
}

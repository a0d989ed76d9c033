using Farwire.Protocol.Transfer;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource of which new instances can be made.</summary>
/// <remarks>WS-Transfer, "Create".</remarks>
public interface ICreateResource : IResource
{
    /// <summary>Makes an instance and answers its reference. <c>OperationContext.Reference</c> builds one.</summary>
    ValueTask<ResourceCreated> CreateAsync(OperationContext context, BodyReader representation);
}

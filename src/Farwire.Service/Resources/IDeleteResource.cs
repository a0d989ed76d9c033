using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource whose instances can be removed.</summary>
/// <remarks>WS-Transfer, "Delete".</remarks>
public interface IDeleteResource : IResource
{
    /// <summary>Removes the instance that the selectors name.</summary>
    ValueTask DeleteAsync(OperationContext context);
}

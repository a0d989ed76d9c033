using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource with methods of its own.</summary>
/// <remarks>DSP0226, "Custom actions"; DSP0227, "Extrinsic methods".</remarks>
public interface IInvokeResource : IResource
{
    /// <summary>Runs <paramref name="method"/> and answers its output; an unknown one faults with <c>FaultCatalog.InvalidActionUri</c>.</summary>
    ValueTask<IBody> InvokeAsync(OperationContext context, string method, BodyReader input);
}

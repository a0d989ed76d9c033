using Farwire.Protocol.Envelope;

namespace Farwire.Service.Enumeration;

/// <summary>A body that knows how many items its enumeration has in all, for <c>w:TotalItemsCountEstimate</c>.</summary>
internal interface ICountedBody : IBody
{
    /// <summary>The number, or null when it is not known.</summary>
    long? TotalItems { get; }
}

using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Xml;
using Farwire.Service.Dispatch;

namespace Farwire.Service.Resources;

/// <summary>A resource whose instances can be listed.</summary>
/// <remarks>WS-Enumeration, "Enumerate". A filter that the resource cannot serve faults; it is never ignored.</remarks>
public interface IEnumerateResource : IResource
{
    /// <summary>
    /// Opens the list. The cursor outlives the request: it must not keep <paramref name="context"/>, and the dispatcher disposes it when the
    /// enumeration ends, is released or expires.
    /// </summary>
    ValueTask<IEnumerationCursor> EnumerateAsync(OperationContext context, Enumerate request);
}

/// <summary>The instances of an enumeration, one at a time, never more of them than were asked for.</summary>
public interface IEnumerationCursor : IAsyncDisposable
{
    /// <summary>How many items there are in all, when that is known without work.</summary>
    long? TotalItems => null;

    /// <summary>Goes to the next item; false at the end. <paramref name="cancellationToken"/> ends with the enumeration, not with the request.</summary>
    ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken);

    /// <summary>Writes the item at hand as one element. May be called again for the same item.</summary>
    void WriteObject(XmlUtf8Writer xml);

    /// <summary>Writes the reference of the item at hand as <c>a:EndpointReference</c>, or faults with <c>EnumerationModeUnsupported</c>.</summary>
    void WriteReference(XmlUtf8Writer xml);
}

using Farwire.Protocol.Envelope;

namespace Farwire.Service.Enumeration;

/// <summary>A body that tells of its enumeration in headers: how many items it has in all, for <c>w:TotalItemsCountEstimate</c>, and where events go on.</summary>
internal interface ICountedBody : IBody
{
    /// <summary>The number, or null when it is not known.</summary>
    long? TotalItems { get; }

    /// <summary>Where the events that it holds go on, for <c>w:Bookmark</c>; null when it holds none, or they have no bookmarks.</summary>
    string? Bookmark { get; }
}

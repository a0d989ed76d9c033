using Farwire.Protocol.Names;

namespace Farwire.Service.Resources;

/// <summary>The events of a subscription: a list without an end. A resource that has no bookmarks answers an <see cref="IEnumerationCursor"/> alone.</summary>
public interface IEventCursor : IEnumerationCursor
{
    /// <summary>What <c>w:Bookmark</c> holds once the event at hand has arrived: where to go on after it; null when the resource has no bookmarks.</summary>
    string? Bookmark { get; }

    /// <summary>The action of a message that holds the event at hand alone.</summary>
    string Action => Actions.Event;

    /// <summary>All events up to <paramref name="bookmark"/> have arrived: they were acknowledged, or sent in a mode where nobody does.</summary>
    ValueTask ArrivedAsync(string? bookmark) => ValueTask.CompletedTask;
}

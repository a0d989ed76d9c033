namespace Farwire.Client.Eventing;

/// <summary>What one Pull of a subscription brought.</summary>
/// <param name="Events">The events as XML.</param>
/// <param name="Bookmark">Where the source continues after them; null when it does not say.</param>
/// <param name="Dropped">Events that the source had to drop.</param>
/// <param name="IsLast">The source has ended the subscription.</param>
public sealed record PulledEvents(IReadOnlyList<string> Events, string? Bookmark, long Dropped, bool IsLast);

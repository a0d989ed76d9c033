namespace Farwire.Source.Channels;

/// <summary>One event as it will be sent.</summary>
/// <param name="Channel">The channel it is in, under its own name.</param>
/// <param name="RecordId">Its number in the channel.</param>
/// <param name="Xml">The <c>Event</c> element.</param>
public sealed record SourceEvent(string Channel, ulong RecordId, string Xml);

using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;

namespace Farwire.Source.Channels;

/// <summary>The channels of this machine. Safe for several threads; each reader is for one.</summary>
/// <remarks>Windows Event Log, "Event Logs and Channels in Windows Event Log".</remarks>
public interface IEventChannels
{
    /// <summary>The channels there are. Names are compared without regard to case.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Begins to read the events that <paramref name="query"/> takes, of all its channels.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="after">Begins behind these; a channel that is not among them begins as <paramref name="readExisting"/> says.</param>
    /// <param name="readExisting">A channel without a bookmark is read from its oldest event on, else from the next that comes.</param>
    /// <param name="rendered">With RenderingInfo.</param>
    /// <param name="ignoreMissing">A channel that is not here, or not readable, is left out.</param>
    /// <exception cref="ChannelNotFoundException">A channel is not here, or not readable, and that is not to be ignored.</exception>
    IEventReader Open(EventQuery query, BookmarkList? after, bool readExisting, bool rendered, bool ignoreMissing);
}

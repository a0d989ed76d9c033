using Farwire.Events.Bookmarks;

namespace Farwire.Source.Channels;

/// <summary>Reads what a query takes, event by event. For one thread at a time.</summary>
public interface IEventReader : IAsyncDisposable
{
    /// <summary>The place behind the last event read: a reader opened after it goes on with the next. Has no channels before there was anything in any.</summary>
    BookmarkList Position { get; }

    /// <summary>Reads the next event; null when there is none at present.</summary>
    ValueTask<SourceEvent?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Waits until there may be more.</summary>
    ValueTask WaitAsync(CancellationToken cancellationToken);
}

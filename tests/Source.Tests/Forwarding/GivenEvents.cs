using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Source.Channels;

namespace Farwire.Source.Tests.Forwarding;

/// <summary>A channel whose events the test writes.</summary>
internal sealed class GivenEvents : IEventChannels
{
    public const string Channel = "Linux-Journal";

    private readonly List<SourceEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Names => [Channel];

    public void Write(int count, int characters = 0, char letter = 'x')
    {
        TaskCompletionSource told;
        lock (_events)
        {
            for (var i = 0; i < count; i++)
            {
                var id = (ulong)_events.Count + 1;
                _events.Add(new SourceEvent(Channel, id, $"<Event><System><EventRecordID>{id}</EventRecordID><Channel>{Channel}</Channel></System><EventData><Data>{new string(letter, characters)}</Data></EventData></Event>"));
            }

            (told, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
    }

    public IEventReader Open(EventQuery query, BookmarkList? after, bool readExisting, bool rendered, bool ignoreMissing)
    {
        if (!ignoreMissing && query.Channels.FirstOrDefault(name => name != Channel) is { } missing)
        {
            throw new ChannelNotFoundException(missing);
        }

        lock (_events)
        {
            return new Reader(this, after?.Channels.FirstOrDefault(c => c.Channel == Channel) is { } bookmark ? (int)bookmark.RecordId : readExisting ? 0 : _events.Count);
        }
    }

    private sealed class Reader(GivenEvents events, int at) : IEventReader
    {
        private int _at = at;

        public BookmarkList Position => new([new ChannelBookmark(Channel, (ulong)_at, true)]);

        public ValueTask<SourceEvent?> ReadAsync(CancellationToken cancellationToken)
        {
            lock (events._events)
            {
                return ValueTask.FromResult(_at < events._events.Count ? events._events[_at++] : null);
            }
        }

        public ValueTask WaitAsync(CancellationToken cancellationToken)
        {
            lock (events._events)
            {
                return _at < events._events.Count ? ValueTask.CompletedTask : new ValueTask(events._more.Task.WaitAsync(cancellationToken));
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using Farwire.Events.Bookmarks;
using Farwire.Events.Queries;
using Farwire.Events.Records;
using Farwire.Source.Channels;

namespace Farwire.Source.Tests.Channels;

/// <summary>Channels that a test writes.</summary>
internal sealed class MemoryChannels(params string[] names) : IEventChannels
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ulong> _last = names.ToDictionary(name => name, _ => 0UL, StringComparer.OrdinalIgnoreCase);
    private readonly List<SourceEvent> _events = [];
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Names => _last.Keys;

    /// <summary>Writes an event with this number in EventID; answers it as it stands in the channel.</summary>
    public SourceEvent Write(string channel, int eventId, string data = "")
    {
        lock (_lock)
        {
            var number = ++_last[channel];
            var xml = $"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Test'/><EventID>{eventId}</EventID><Level>4</Level>"
                + $"<EventRecordID>{number}</EventRecordID><Channel>{channel}</Channel><Computer>here.example</Computer></System>"
                + $"<EventData><Data Name='text'>{System.Security.SecurityElement.Escape(data)}</Data></EventData></Event>";
            var written = new SourceEvent(channel, number, xml);
            _events.Add(written);
            Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return written;
        }
    }

    public IEventReader Open(EventQuery query, BookmarkList? after, bool readExisting, bool rendered, bool ignoreMissing)
    {
        lock (_lock)
        {
            if (!ignoreMissing && query.Channels.FirstOrDefault(channel => !_last.ContainsKey(channel)) is { } missing)
            {
                throw new ChannelNotFoundException(missing);
            }

            var position = query.Channels.Where(_last.ContainsKey).ToDictionary(
                channel => channel,
                channel => after?.Channels.FirstOrDefault(b => b.Channel.Equals(channel, StringComparison.OrdinalIgnoreCase))?.RecordId ?? (readExisting ? 0 : _last[channel]),
                StringComparer.OrdinalIgnoreCase);
            return new Reader(this, query, position, rendered);
        }
    }

    private sealed class Reader(MemoryChannels channels, EventQuery query, Dictionary<string, ulong> position, bool rendered) : IEventReader
    {
        private int _next;
        private string? _current;
        private Task _more = Task.CompletedTask;

        public BookmarkList Position => new([.. position.Where(p => p.Value > 0).Select(p => new ChannelBookmark(p.Key, p.Value, p.Key == _current))]);

        public ValueTask<SourceEvent?> ReadAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (channels._lock)
            {
                _more = channels._written.Task;
                while (_next < channels._events.Count)
                {
                    var candidate = channels._events[_next++];
                    if (position.TryGetValue(candidate.Channel, out var last) && candidate.RecordId > last)
                    {
                        (position[candidate.Channel], _current) = (candidate.RecordId, candidate.Channel);
                        if (query.Matches(EventRecord.Read(candidate.Xml)))
                        {
                            return ValueTask.FromResult<SourceEvent?>(rendered ? candidate with { Xml = Render(candidate.Xml) } : candidate);
                        }
                    }
                }

                return ValueTask.FromResult<SourceEvent?>(null);
            }
        }

        public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _more.WaitAsync(cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string Render(string xml) =>
            xml.Replace("</Event>", "<RenderingInfo Culture='en-US'><Message>rendered</Message></RenderingInfo></Event>", StringComparison.Ordinal);
    }
}

using System.Text;
using Farwire.Events.Bookmarks;
using Farwire.Source.Channels;

namespace Farwire.Source.Forwarding;

/// <summary>Gathers events until one of the subscription's limits says that they go.</summary>
/// <remarks>
/// DSP0226, "Batched delivery": the count, the size, and the age of the oldest. The event that no longer fits is held for the next batch, and the
/// bookmark of this one does not know it yet.
/// </remarks>
internal sealed class BatchMaker(DeliveryTerms terms, IEventReader reader, TimeProvider time)
{
    // What stands around the events beside the bookmark, and around each: namespaces, addresses, the element with its action.
    private const int HeadBytes = 4000;
    private const int EventBytes = 120;

    private readonly List<SourceEvent> _events = [];
    private BookmarkList _start = reader.Position;
    private long _head = BytesOfHead(terms, reader.Position);
    private SourceEvent? _held;
    private long _bytes;
    private long _oldest;

    /// <summary>Events that no message could hold, since the last batch.</summary>
    public long Dropped { get; private set; }

    /// <summary>There is nothing to send.</summary>
    public bool IsEmpty => _events.Count == 0 && Dropped == 0;

    /// <summary>Reads until the batch is full or there is nothing more at present; true when it is to go now.</summary>
    /// <exception cref="SubscriptionRefusedException">An event is too large, and the subscription ends over it.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        while (_events.Count < terms.MaxEvents)
        {
            if ((_held ?? await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) is not { } next)
            {
                return IsDue;
            }

            _held = null;
            var bytes = BytesOf(next.Xml);
            if (bytes + _head > terms.MaxEnvelopeBytes)
            {
                Refuse(next, bytes);
                continue;
            }

            if (_bytes + bytes + _head > terms.MaxEnvelopeBytes)
            {
                _held = next;
                return true;
            }

            if (_events.Count == 0)
            {
                _oldest = time.GetTimestamp();
            }

            _events.Add(next);
            _bytes += bytes;
        }

        return true;
    }

    /// <summary>How long until the oldest event has waited long enough; null when none waits.</summary>
    public TimeSpan? UntilDue => IsEmpty ? null
        : terms.MaxTime - time.GetElapsedTime(_oldest) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    /// <summary>The events of the batch.</summary>
    public IReadOnlyList<SourceEvent> Events => _events;

    /// <summary>The place behind the batch.</summary>
    public BookmarkList Position => _held is null ? reader.Position : Advance(_start, _events);

    /// <summary>The batch is safe: the next begins.</summary>
    public void Clear()
    {
        _start = Position;
        _head = BytesOfHead(terms, _start);
        _events.Clear();
        (_bytes, Dropped) = (0, 0);
    }

    private bool IsDue => UntilDue is { } rest && rest == TimeSpan.Zero;

    private long BytesOf(string xml) => terms.IsUtf16 ? 2L * (xml.Length + EventBytes) : Encoding.UTF8.GetByteCount(xml) + EventBytes;

    // The bookmark is of all channels, those of this batch included: its numbers may grow by a few digits, for which the head leaves room.
    private static long BytesOfHead(DeliveryTerms terms, BookmarkList bookmark) =>
        (HeadBytes + Encoding.UTF8.GetByteCount(bookmark.ToXml())) * (terms.IsUtf16 ? 2L : 1L);

    private void Refuse(SourceEvent large, long bytes)
    {
        if (terms.Oversize == OversizePolicy.CancelSubscription)
        {
            throw new SubscriptionRefusedException(
                SubscriptionRefusedException.BadParameter, $"event {large.RecordId} of '{large.Channel}' has {bytes} bytes; '{terms.Name}' takes messages of {terms.MaxEnvelopeBytes}.");
        }

        if (terms.Oversize == OversizePolicy.Notify)
        {
            _oldest = IsEmpty ? time.GetTimestamp() : _oldest;
            Dropped++;
        }
    }

    private static BookmarkList Advance(BookmarkList start, List<SourceEvent> events)
    {
        if (events.Count == 0)
        {
            return start;
        }

        var places = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach (var bookmark in start.Channels)
        {
            places[bookmark.Channel] = bookmark.RecordId;
        }

        foreach (var one in events)
        {
            places[one.Channel] = one.RecordId;
        }

        var current = events[^1].Channel;
        return new BookmarkList([.. places.Select(place => new ChannelBookmark(place.Key, place.Value, place.Key.Equals(current, StringComparison.OrdinalIgnoreCase)))]);
    }
}

using System.Text;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;

namespace Farwire.Service.Subscriptions;

/// <summary>The events of one delivery.</summary>
/// <param name="Events">Each as XML.</param>
/// <param name="Oversize">Events that were larger than a whole delivery may be.</param>
/// <param name="Bookmark">Where to go on after the last of them.</param>
/// <param name="Action">The action of the last of them.</param>
/// <param name="IsEnd">There are no more.</param>
internal sealed record GatheredEvents(IReadOnlyList<string> Events, long Oversize, string? Bookmark, string Action, bool IsEnd);

/// <summary>Takes events from their cursor in portions: as many as there are, as many as fit, as long as one waits.</summary>
internal sealed class EventGathering(IEnumerationCursor cursor, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private Task<bool>? _pending;
    private string? _carried;

    /// <summary>The next portion.</summary>
    /// <param name="most">Events at most.</param>
    /// <param name="room">Bytes at most.</param>
    /// <param name="first">How long to wait for the first; none by then is an empty portion.</param>
    /// <param name="more">How long to wait for more once there is one.</param>
    /// <param name="cancellationToken">Gives up; the event under way is not lost to the cursor.</param>
    public async Task<GatheredEvents> NextAsync(int most, int room, TimeSpan first, TimeSpan more, CancellationToken cancellationToken)
    {
        var events = new List<string>();
        long oversize = 0;
        var bytes = 0;
        string? bookmark = null;
        var action = Actions.Event;
        var began = time.GetTimestamp();
        while (events.Count < most)
        {
            var text = _carried;
            _carried = null;
            if (text is null)
            {
                var started = events.Count + oversize > 0;
                var moved = await MoveNextAsync(started ? Left(more, began) : first, cancellationToken).ConfigureAwait(false);
                if (moved is not true)
                {
                    return new GatheredEvents(events, oversize, bookmark, action, moved is false);
                }

                began = started ? began : time.GetTimestamp();
                text = Render(room);
            }

            var size = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
            if (bytes + size > room)
            {
                _carried = text; // the cursor stays at it, and so do bookmark and action
                break;
            }

            (bookmark, action) = cursor is IEventCursor source ? (source.Bookmark, source.Action) : (null, Actions.Event);
            bytes += size;
            if (text is null)
            {
                oversize++;
            }
            else
            {
                events.Add(text);
            }
        }

        return new GatheredEvents(events, oversize, bookmark, action, IsEnd: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_pending is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await cursor.DisposeAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    private TimeSpan Left(TimeSpan limit, long began) => limit - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    // True: an event. False: the end. Null: nothing in time; the move goes on and is asked about again.
    private async Task<bool?> MoveNextAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        _pending ??= cursor.MoveNextAsync(_ended.Token).AsTask();
        if (!_pending.IsCompleted && wait != Timeout.InfiniteTimeSpan)
        {
            if (wait == TimeSpan.Zero)
            {
                return null;
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(_pending, Task.Delay(wait, time, timer.Token)).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!_pending.IsCompleted)
            {
                return null;
            }
        }

        var moved = await _pending.WaitAsync(cancellationToken).ConfigureAwait(false);
        _pending = null;
        return moved;
    }

    // Null for an event that no delivery can hold.
    private string? Render(int room)
    {
        using var xml = new XmlUtf8Writer(room);
        try
        {
            cursor.WriteObject(xml);
            return Encoding.UTF8.GetString(xml.Written.Span);
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.MaxEnvelopeSizeExceeded.Code)
        {
            return null;
        }
    }
}

using Farwire.Protocol.Addressing;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;

namespace Farwire.Service.Enumeration;

/// <summary>One open enumeration: its cursor, its owner, and the item that did not fit into the batch before.</summary>
/// <remarks>WS-Enumeration, "Enumeration context".</remarks>
internal sealed class EnumerationContext : IAsyncDisposable
{
    private readonly IEnumerationCursor _cursor;
    private readonly CancellationTokenSource _ended = new();
    private Task<bool>? _pendingMove;
    private bool _itemWaits;
    private int _busy;
    private int _disposed;

    public EnumerationContext(IEnumerationCursor cursor, EnumerationMode mode, string owner, TimeSpan idleTimeout)
    {
        _cursor = cursor;
        Mode = mode;
        Owner = owner;
        IdleTimeout = idleTimeout;
    }

    public string Id { get; } = Uuid.Format(Guid.NewGuid());

    public EnumerationMode Mode { get; }

    public string Owner { get; }

    public TimeSpan IdleTimeout { get; }

    /// <summary>When the last batch was taken, by the table's clock.</summary>
    public long LastUsed { get; set; }

    public bool IsBusy => Volatile.Read(ref _busy) != 0;

    public long? TotalItems => _cursor.TotalItems;

    /// <summary>Where events go on after those written so far; null when they have no bookmarks.</summary>
    public string? Bookmark { get; private set; }

    /// <summary>Takes the enumeration for one batch; two at once would split the items between them.</summary>
    public void Enter()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw FaultCatalog.Concurrency.Fault("another Pull on this enumeration is under way.");
        }
    }

    public void Leave() => Volatile.Write(ref _busy, 0);

    /// <summary>Writes items until a limit is reached or the cursor ends. True: the end of the sequence.</summary>
    /// <param name="items">Takes the items; its own limit is the room in the envelope.</param>
    /// <param name="maxElements">Items at most.</param>
    /// <param name="maxCharacters">Characters at most, in whole items.</param>
    /// <param name="deadline">Ends when the client should have an answer. Items found by then are answered; none found is a time-out.</param>
    public async ValueTask<bool> FillAsync(XmlUtf8Writer items, long maxElements, long maxCharacters, Func<CancellationToken> deadline)
    {
        long count = 0;
        long characters = 0;
        while (count < maxElements)
        {
            if (!_itemWaits)
            {
                if (!await MoveNextAsync(count > 0, deadline).ConfigureAwait(false))
                {
                    return _pendingMove is null;
                }

                _itemWaits = true;
            }

            var before = items.Length;
            if (!TryWrite(items, before))
            {
                return false;
            }

            if (maxCharacters < long.MaxValue)
            {
                characters += System.Text.Encoding.UTF8.GetCharCount(items.Written.Span[before..]);
                if (characters > maxCharacters)
                {
                    items.Truncate(before);
                    return before > 0
                        ? false
                        : throw FaultCatalog.EncodingLimit.Fault($"the next item alone has more than {maxCharacters} characters (MaxCharacters).");
                }
            }

            _itemWaits = false;
            Bookmark = (_cursor as IEventCursor)?.Bookmark;
            count++;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        if (_pendingMove is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _cursor.DisposeAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    // False with a pending move: the time is over, but what was found is worth an answer. False without: the end.
    private async ValueTask<bool> MoveNextAsync(bool haveItems, Func<CancellationToken> deadline)
    {
        if (_pendingMove is null)
        {
            var move = _cursor.MoveNextAsync(_ended.Token);
            if (move.IsCompleted)
            {
                return await move.ConfigureAwait(false);
            }

            _pendingMove = move.AsTask();
        }

        var pending = _pendingMove;
        if (haveItems && _cursor is IEventCursor && !pending.IsCompleted)
        {
            return false; // events are told as they come: nobody knows when there will be more
        }

        try
        {
            var moved = await pending.WaitAsync(deadline()).ConfigureAwait(false);
            _pendingMove = null;
            return moved;
        }
        catch (OperationCanceledException) when (!pending.IsCompleted && haveItems)
        {
            return false;
        }
        catch when (pending.IsCompleted)
        {
            _pendingMove = null;
            throw;
        }
    }

    // False: the item waits for the next batch. An item too large for an envelope of its own is a fault.
    private bool TryWrite(XmlUtf8Writer items, int before)
    {
        try
        {
            switch (Mode)
            {
                case EnumerationMode.Object:
                    _cursor.WriteObject(items);
                    break;
                case EnumerationMode.Epr:
                    _cursor.WriteReference(items);
                    break;
                default:
                    items.Start("w:Item"u8);
                    _cursor.WriteObject(items);
                    _cursor.WriteReference(items);
                    items.End("w:Item"u8);
                    break;
            }

            return true;
        }
        catch (WSManFaultException e) when (before > 0 && e.Fault.Code == FaultCatalog.MaxEnvelopeSizeExceeded.Code)
        {
            items.Truncate(before);
            return false;
        }
    }
}

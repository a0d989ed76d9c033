using Farwire.Plugins;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.Plugins;

/// <summary>Output between a plug-in that writes and a client that asks: pieces in order, never more of them than the limit, boundaries and ends kept.</summary>
/// <param name="limitBytes">Beyond it <see cref="AddAsync"/> waits, or the oldest goes.</param>
/// <param name="mode">What happens when there is no room.</param>
internal sealed class PieceQueue(int limitBytes, BufferMode mode)
{
    /// <summary>What a stream's element costs beside its data, at most.</summary>
    private const int ElementBytes = 256;
    private const int LargestPiece = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<Piece> _pieces = [];
    private List<Piece> _lastTaken = [];
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _room = NewSignal();
    private int _bytes;

    /// <summary>What came of the command; null while it runs.</summary>
    public PluginCommandEnd? End { get; private set; }

    /// <summary>Bytes that were dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>What happens when there is no room.</summary>
    public BufferMode Mode
    {
        get;
        set
        {
            lock (_lock)
            {
                field = value;
                Signal(ref _room);
            }
        }
    } = mode;

    /// <summary>Takes a piece, once there is room; answers how many bytes were dropped for it.</summary>
    public async ValueTask<long> AddAsync(string stream, ReadOnlyMemory<byte> data, OutputFlags flags, CancellationToken cancellationToken)
    {
        var dropped = 0L;
        do
        {
            var part = data[..Math.Min(data.Length, LargestPiece)];
            data = data[part.Length..];
            dropped += await AddPartAsync(new Piece(stream, part.ToArray(), (flags & OutputFlags.DataBoundary) != 0, data.Length == 0 && (flags & OutputFlags.NoMoreData) != 0), cancellationToken).ConfigureAwait(false);
            flags &= ~OutputFlags.DataBoundary;
        }
        while (data.Length > 0);
        return dropped;
    }

    /// <summary>Nothing follows.</summary>
    public void Complete(PluginCommandEnd end)
    {
        lock (_lock)
        {
            End ??= end;
            Signal(ref _changed);
            Signal(ref _room);
        }
    }

    /// <summary>Puts back what was taken last.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            for (var i = _lastTaken.Count - 1; i >= 0; i--)
            {
                _pieces.AddFirst(_lastTaken[i]);
                _bytes += _lastTaken[i].Data.Length;
            }

            _lastTaken = [];
            Signal(ref _changed);
        }
    }

    /// <summary>Waits until there is something to take, or the end. Cancelled, it has taken nothing.</summary>
    public async ValueTask<(List<StreamData> Pieces, bool IsEnd)> TakeAsync(IReadOnlyList<string> streams, int envelopeBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var pieces = Take(streams, envelopeBytes);
                var end = End is not null && !_pieces.Any(piece => streams.Has(piece.Stream));
                if (pieces.Count > 0 || end)
                {
                    return (pieces, end);
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Signal(ref TaskCompletionSource signal)
    {
        signal.SetResult();
        signal = NewSignal();
    }

    private async ValueTask<long> AddPartAsync(Piece piece, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (End is not null)
                {
                    throw new OperationCanceledException("The command has ended; nobody takes its output any more.");
                }

                var dropped = Mode == BufferMode.Drop ? MakeRoom() : 0;
                if (_bytes < limitBytes)
                {
                    _pieces.AddLast(piece);
                    _bytes += piece.Data.Length;
                    Dropped += dropped;
                    Signal(ref _changed);
                    return dropped;
                }

                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private long MakeRoom()
    {
        var dropped = 0L;
        while (_bytes >= limitBytes && _pieces.First is { } oldest)
        {
            _bytes -= oldest.Value.Data.Length;
            dropped += oldest.Value.Data.Length;
            _pieces.RemoveFirst();
        }

        return dropped;
    }

    private List<StreamData> Take(IReadOnlyList<string> streams, int room)
    {
        var taken = new List<Piece>();
        for (var node = _pieces.First; node is not null;)
        {
            var (next, piece) = (node.Next, node.Value);
            if (streams.Has(piece.Stream))
            {
                // Four characters for three bytes.
                var count = Math.Min(piece.Data.Length, (room - ElementBytes) / 4 * 3);
                if ((count <= 0 && piece.Data.Length > 0) || (taken.Count > 0 && (piece.IsBoundary || room < ElementBytes)))
                {
                    break;
                }

                var whole = count == piece.Data.Length;
                taken.Add(piece with { Data = piece.Data[..count], IsEnd = piece.IsEnd && whole });
                room -= ElementBytes + ((count + 2) / 3 * 4);
                _bytes -= count;
                if (!whole)
                {
                    node.Value = piece with { Data = piece.Data[count..], IsBoundary = false };
                    break;
                }

                _pieces.Remove(node);
            }

            node = next;
        }

        if (taken.Count > 0)
        {
            _lastTaken = taken;
            Signal(ref _room);
        }

        return taken.ConvertAll(piece => new StreamData(piece.Stream, piece.Data) { End = piece.IsEnd });
    }

    private sealed record Piece(string Stream, ReadOnlyMemory<byte> Data, bool IsBoundary, bool IsEnd);
}

/// <summary>How a command ended: with a code, or with a fault.</summary>
internal sealed record PluginCommandEnd(int ExitCode, Farwire.Protocol.Faults.WSManFaultException? Fault = null);

using Farwire.Protocol.Shell;

namespace Farwire.Shells.Commands;

/// <summary>Output between a command that writes and a client that asks: in the order it was read, and never more than the limit.</summary>
/// <param name="limitBytes">Beyond it <see cref="AddAsync"/> waits, and so does the command, by its pipe; or the oldest is dropped.</param>
internal sealed class OutputQueue(int limitBytes)
{
    /// <summary>What a stream's element costs beside its data, at most.</summary>
    private const int ElementBytes = 256;
    private const int SmallSegment = 4 * 1024;
    private const int LargeSegment = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<Segment> _segments = [];
    private List<StreamData> _lastTaken = [];
    private int _bytes;
    private bool _completed;
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _room = NewSignal();

    /// <summary>The command was ended from outside: nothing more is taken or given.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>What happens when there is no room.</summary>
    public BufferMode Mode
    {
        get;
        set
        {
            lock (_lock)
            {
                field = value;
                Signal(ref _room); // who waits for room may have it now
            }
        }
    }

    /// <summary>Takes a copy of <paramref name="data"/>, once there is room. False when nobody wants it any more.</summary>
    public async ValueTask<bool> AddAsync(string stream, ReadOnlyMemory<byte> data)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (IsAborted)
                {
                    return false;
                }

                if (Mode == BufferMode.Drop)
                {
                    MakeRoom();
                }

                if (_bytes < limitBytes)
                {
                    Append(stream, data.Span);
                    Signal(ref _changed);
                    return true;
                }

                room = _room.Task;
            }

            await room.ConfigureAwait(false);
        }
    }

    /// <summary>Puts back what was taken last.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            for (var i = _lastTaken.Count - 1; i >= 0; i--)
            {
                var segment = new Segment(_lastTaken[i].Name, _lastTaken[i].Data.ToArray());
                _segments.AddFirst(segment);
                _bytes += segment.End;
            }

            _lastTaken = [];
            Signal(ref _changed);
        }
    }

    /// <summary>Nothing follows.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Signal(ref _changed);
        }
    }

    /// <summary>Wakes all who wait, for the last time.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            IsAborted = true;
            Signal(ref _changed);
            Signal(ref _room);
        }
    }

    /// <summary>Waits until there is something to take or the end. Cancelled, it has taken nothing.</summary>
    /// <param name="streams">The streams wanted; others stay.</param>
    /// <param name="envelopeBytes">Room for the elements, base64 counted.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<(List<StreamData> Pieces, bool IsEnd)> TakeAsync(
        IReadOnlyList<string> streams, int envelopeBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var pieces = Take(streams, envelopeBytes);
                var end = _completed && !_segments.Any(segment => streams.Has(segment.Stream));
                if (pieces.Count > 0 || end || IsAborted)
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

    private void Append(string stream, ReadOnlySpan<byte> data)
    {
        _bytes += data.Length;
        var tail = _segments.Last?.Value;
        var joins = tail is not null && tail.Stream == stream;
        if (joins && tail!.Free.Length >= data.Length)
        {
            data.CopyTo(tail.Free);
            tail.End += data.Length;
            return;
        }

        var segment = new Segment(stream, Math.Max(data.Length, joins ? LargeSegment : SmallSegment)) { End = data.Length };
        data.CopyTo(segment.Bytes);
        _segments.AddLast(segment);
    }

    private void MakeRoom()
    {
        while (_bytes >= limitBytes && _segments.First is { } oldest)
        {
            _bytes -= oldest.Value.End - oldest.Value.Start;
            _segments.RemoveFirst();
        }
    }

    private List<StreamData> Take(IReadOnlyList<string> streams, int room)
    {
        var pieces = new List<StreamData>();
        for (var node = _segments.First; node is not null;)
        {
            var next = node.Next;
            var segment = node.Value;
            if (streams.Has(segment.Stream))
            {
                // Four characters for three bytes.
                var count = Math.Min(segment.End - segment.Start, (room - ElementBytes) / 4 * 3);
                if (count <= 0)
                {
                    break;
                }

                pieces.Add(new StreamData(segment.Stream, segment.Bytes.AsMemory(segment.Start, count)));
                segment.Start += count;
                room -= ElementBytes + ((count + 2) / 3 * 4);
                _bytes -= count;
                if (segment.Start < segment.End)
                {
                    break;
                }

                _segments.Remove(node);
            }

            node = next;
        }

        if (pieces.Count > 0)
        {
            _lastTaken = pieces;
            Signal(ref _room);
        }

        return pieces;
    }

    // Given away in part: what lies before Start belongs to an answer and is not written again.
    private sealed class Segment(string stream, byte[] bytes)
    {
        public Segment(string stream, int capacity)
            : this(stream, GC.AllocateUninitializedArray<byte>(capacity))
        {
        }

        public string Stream { get; } = stream;

        public byte[] Bytes { get; } = bytes;

        public int Start { get; set; }

        public int End { get; set; } = bytes.Length;

        public Span<byte> Free => Bytes.AsSpan(End);
    }
}

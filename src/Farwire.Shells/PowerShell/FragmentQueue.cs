using System.Buffers.Binary;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.PowerShell;

/// <summary>Fragments between PowerShell and a client that asks: each whole, in order, and never more than the limit.</summary>
/// <param name="limitBytes">Beyond it <see cref="AddAsync"/> waits, and so does PowerShell; or the oldest is dropped.</param>
internal sealed class FragmentQueue(int limitBytes)
{
    private readonly LinkedList<ReadOnlyMemory<byte>> _fragments = [];
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _unfinished = []; // taken, of a message whose end is not
    private List<ReadOnlyMemory<byte>> _lastTaken = [];
    private List<ReadOnlyMemory<byte>> _beforeLast = []; // what was unfinished before the last were taken
    private TaskCompletionSource _changed = NewSignal();
    private int _bytes;
    private bool _completed;

    /// <summary>What happens when there is no room.</summary>
    public BufferMode Mode { get; set; }

    /// <summary>Why it ended before its time; null when it did not.</summary>
    public string? Failure { get; private set; }

    public async ValueTask AddAsync(ReadOnlyMemory<byte> data)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                while (Mode == BufferMode.Drop && _bytes >= limitBytes && _fragments.First is { } oldest)
                {
                    _bytes -= oldest.Value.Length;
                    _fragments.RemoveFirst();
                }

                if (_bytes < limitBytes || _completed)
                {
                    _fragments.AddLast(data);
                    _bytes += data.Length;
                    Signal();
                    return;
                }

                changed = _changed.Task;
            }

            await changed.ConfigureAwait(false);
        }
    }

    /// <summary>Nothing follows.</summary>
    public void Complete(string? failure = null)
    {
        lock (_lock)
        {
            _completed = true;
            Failure ??= failure;
            Signal();
        }
    }

    /// <summary>Puts back what was taken last, to a message's beginning: nobody knows whether it arrived.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            PutBack([.. _beforeLast, .. _lastTaken]);
        }
    }

    /// <summary>Puts back the beginning of a message whose end was not taken: the next client can use whole messages alone.</summary>
    public void HandOver()
    {
        lock (_lock)
        {
            PutBack([.. _unfinished]);
        }
    }

    /// <summary>Waits for fragments or the end, and takes what fits into <paramref name="room"/> characters of base64.</summary>
    public async ValueTask<(List<ReadOnlyMemory<byte>> Fragments, bool IsEnd)> TakeAsync(int room, CancellationToken cancellationToken)
    {
        const int elementBytes = 256;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var taken = new List<ReadOnlyMemory<byte>>();
                while (_fragments.First is { } first && (taken.Count == 0 || elementBytes + ((first.Value.Length + 2) / 3 * 4) <= room))
                {
                    room -= elementBytes + ((first.Value.Length + 2) / 3 * 4);
                    _bytes -= first.Value.Length;
                    taken.Add(first.Value);
                    _fragments.RemoveFirst();
                }

                var end = _completed && _fragments.Count == 0;
                if (taken.Count > 0 || end)
                {
                    Remember(taken);
                    Signal();
                    return (taken, end);
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // flags u8 at 16, bit 2: the last fragment of its message; length u32 at 17, big-endian
    private static bool EndsMessage(ReadOnlySpan<byte> fragments)
    {
        const int header = 21;
        var ends = false;
        while (fragments.Length >= header)
        {
            ends = (fragments[16] & 2) != 0;
            fragments = fragments[(header + (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(fragments[17..]), (uint)(fragments.Length - header)))..];
        }

        return ends;
    }

    private void Remember(List<ReadOnlyMemory<byte>> taken)
    {
        _beforeLast = [.. _unfinished];
        _lastTaken = taken;
        foreach (var data in taken)
        {
            _unfinished.Add(data);
            if (EndsMessage(data.Span))
            {
                _unfinished.Clear();
            }
        }
    }

    private void PutBack(List<ReadOnlyMemory<byte>> taken)
    {
        for (var i = taken.Count - 1; i >= 0; i--)
        {
            _fragments.AddFirst(taken[i]);
            _bytes += taken[i].Length;
        }

        _unfinished.Clear();
        (_lastTaken, _beforeLast) = ([], []);
        Signal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}

using Farwire.Protocol.Shell;

namespace Farwire.Shells.PowerShell;

/// <summary>Fragments between PowerShell and a client that asks: each whole, in order, and never more than the limit.</summary>
/// <param name="limitBytes">Beyond it <see cref="AddAsync"/> waits, and so does PowerShell; or the oldest is dropped.</param>
internal sealed class FragmentQueue(int limitBytes)
{
    private readonly LinkedList<ReadOnlyMemory<byte>> _fragments = [];
    private readonly Lock _lock = new();
    private List<ReadOnlyMemory<byte>> _lastTaken = [];
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

    /// <summary>Puts back what was taken last.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            for (var i = _lastTaken.Count - 1; i >= 0; i--)
            {
                _fragments.AddFirst(_lastTaken[i]);
                _bytes += _lastTaken[i].Length;
            }

            _lastTaken = [];
            Signal();
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
                    _lastTaken = taken;
                    Signal();
                    return (taken, end);
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.SetResult();
        _changed = NewSignal();
    }
}

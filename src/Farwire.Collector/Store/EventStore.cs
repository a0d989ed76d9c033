using System.Collections.Concurrent;
using System.Threading.Channels;
using Farwire.Collector.Search;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Collector.Store;

/// <summary>Keeps events so that nothing which was acknowledged is lost, whatever ends the process.</summary>
/// <remarks>
/// One writer commits what has come in since its last commit: 1. batches that were stored before are set aside, 2. the events are packed as one
/// block, 3. appended to the segment and synced, 4. block, bookmarks and counters are committed in the catalogue, synced as well, 5. whoever waits is
/// told. A crash before 4 leaves bytes that nobody counts; opening cuts them off, and the sources send again.
/// </remarks>
public sealed class EventStore : IAsyncDisposable
{
    private readonly string _folder;
    private readonly EventStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly Catalogue _catalogue;
    private readonly Channel<Work> _work;
    private readonly ConcurrentDictionary<(string Source, string Subscription), SourceState> _sources = new(SourceKey.Comparer);
    private readonly ConcurrentDictionary<(string Source, string Subscription), byte> _dirty = new(SourceKey.Comparer);
    private readonly List<SegmentRow> _sealed;
    private readonly Task _writer;
    private readonly ITimer _flush;
    private SegmentFile _segment;
    private SegmentRow _current;
    private long _lastSequence;
    private TaskCompletionSource _grown = NewSignal();

    private EventStore(string folder, EventStoreOptions options, TimeProvider time, ILogger logger, FileStream @lock)
    {
        (_folder, _options, _time, _logger, _lock) = (folder, options, time, logger, @lock);
        _catalogue = new Catalogue(Path.Combine(folder, "catalogue.db"));
        _sealed = _catalogue.Segments();
        _lastSequence = _catalogue.LastSequence();
        RemoveStrangers();
        _current = _sealed.Count > 0 ? _sealed[^1] : new SegmentRow(1, 0, 0, 0);
        _sealed.RemoveAll(segment => segment.Id == _current.Id);
        _segment = SegmentFile.Open(SegmentFile.NameOf(folder, _current.Id), _current.Committed);
        foreach (var source in _catalogue.Sources())
        {
            _sources[(source.Source, source.Subscription)] = source;
        }

        _work = Channel.CreateBounded<Work>(new BoundedChannelOptions(options.MaxWaitingBatches) { SingleReader = true });
        _writer = Task.Factory.StartNew(WriteAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        _flush = time.CreateTimer(static store => ((EventStore)store!).FlushSoon(), this, options.FlushInterval, options.FlushInterval);
    }

    /// <summary>The number of the newest event that is safe.</summary>
    public long LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>What is known of every source.</summary>
    public IReadOnlyCollection<SourceState> Sources => (IReadOnlyCollection<SourceState>)_sources.Values;

    /// <summary>Bytes of all events on disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_sealed)
            {
                return _sealed.Sum(segment => segment.Committed) + _current.Committed;
            }
        }
    }

    /// <summary>Events on disk.</summary>
    public long Events
    {
        get
        {
            lock (_sealed)
            {
                return _sealed.Sum(segment => segment.Events) + _current.Events;
            }
        }
    }

    internal string Folder => _folder;

    internal Catalogue Catalogue => _catalogue;

    /// <summary>Opens the store in a folder, which is made if it is not there.</summary>
    /// <exception cref="IOException">Another process has the store open, or the folder cannot be used.</exception>
    /// <exception cref="InvalidDataException">The store is damaged, or was written by a newer version.</exception>
    public static EventStore Open(string folder, EventStoreOptions? options = null, TimeProvider? time = null, ILogger<EventStore>? logger = null)
    {
        Directory.CreateDirectory(folder);
        FileStream @lock;
        try
        {
            @lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The event store in {folder} is open in another process, or its file 'lock' cannot be opened: {e.Message}", e);
        }

        try
        {
            return new EventStore(folder, options ?? new EventStoreOptions(), time ?? TimeProvider.System, logger ?? NullLogger<EventStore>.Instance, @lock);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Stores a batch; ends when it is safe.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored: the disk is full or fails.</exception>
    public async Task<StoreOutcome> AppendAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        var work = new Work(batch);
        await _work.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        return await work.Done.Task.ConfigureAwait(false); // once taken it is stored, whether or not anybody still waits
    }

    /// <summary>The state of one source, or null.</summary>
    public SourceState? Source(string source, string subscription) => _sources.GetValueOrDefault((source, subscription));

    /// <summary>Notes something about a source that may be lost with the process: a heartbeat, an error. Written within seconds.</summary>
    public void Note(string source, string subscription, Func<SourceState, SourceState> change)
    {
        _sources.AddOrUpdate(
            (source, subscription),
            static (key, change) => change(new SourceState(key.Source, key.Subscription)),
            static (_, state, change) => change(state),
            change);
        _dirty[(source, subscription)] = 0;
    }

    /// <summary>Forgets a source: its bookmark too.</summary>
    public Task ForgetAsync(string source, string subscription) => RunAsync(() =>
    {
        _sources.TryRemove((source, subscription), out _);
        _dirty.TryRemove((source, subscription), out _);
        _catalogue.RemoveSource(source, subscription);
    });

    /// <summary>Where the consumer of this name continues; null when it never said.</summary>
    public Task<long?> CursorAsync(string name) => RunAsync(() => _catalogue.Cursor(name));

    /// <summary>Keeps where the consumer of this name continues.</summary>
    public Task SetCursorAsync(string name, long sequence) => RunAsync(() => _catalogue.PutCursor(name, sequence));

    /// <summary>Removes what is older or more than the options allow, in whole segments; answers how many events went.</summary>
    public Task<long> RemoveOldAsync() => RunAsync(RemoveOld);

    /// <summary>Waits until there is an event after <paramref name="sequence"/>.</summary>
    public async Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            var grown = Volatile.Read(ref _grown).Task;
            if (LastSequence > sequence)
            {
                return;
            }

            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds events.</summary>
    public IAsyncEnumerable<StoredEvent> SearchAsync(EventSearch search, CancellationToken cancellationToken = default) =>
        new StoreSearch(this, search).RunAsync(cancellationToken);

    /// <summary>Commits what waits and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _flush.DisposeAsync().ConfigureAwait(false);
        if (_work.Writer.TryComplete())
        {
            await _writer.ConfigureAwait(false);
            _segment.Dispose();
            _catalogue.Dispose();
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A segment that was begun but never committed is not in the catalogue.
    private void RemoveStrangers()
    {
        var known = _sealed.Select(segment => Path.GetFileName(SegmentFile.NameOf(_folder, segment.Id))).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_folder, "*.events"))
        {
            if (!known.Contains(Path.GetFileName(file)))
            {
                File.Delete(file);
            }
        }
    }

    private void FlushSoon()
    {
        if (!_dirty.IsEmpty)
        {
            _work.Writer.TryWrite(new Work(static () => { })); // a commit takes all that is dirty along
        }
    }

    private async Task RunAsync(Action action)
    {
        var work = new Work(action);
        await _work.Writer.WriteAsync(work).ConfigureAwait(false);
        await work.Done.Task.ConfigureAwait(false);
    }

    private async Task<T> RunAsync<T>(Func<T> action)
    {
        T? result = default;
        await RunAsync(() =>
        {
            result = action();
        }).ConfigureAwait(false);
        return result!;
    }

    private async Task WriteAsync()
    {
        var group = new List<Work>();
        while (await _work.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            long bytes = 0;
            while (bytes < _options.CommitBytes && _work.Reader.TryRead(out var work))
            {
                group.Add(work);
                bytes += work.Batch?.Size ?? 0;
            }

            try
            {
                Commit(group);
            }
            catch (Exception e)
            {
                // Whatever it was, the waiting must hear of it, and the next commit must have its chance.
                Log.CommitFailed(_logger, e);
                var refusal = e as StoreUnavailableException ?? new StoreUnavailableException($"The events cannot be stored: {e.Message}", e);
                foreach (var work in group)
                {
                    work.Done.TrySetException(refusal);
                }
            }
        }
    }

    private void Commit(List<Work> group)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var first = _lastSequence + 1;
        var block = new BlockWriter(first);
        var changed = new Dictionary<(string Source, string Subscription), SourceState>(SourceKey.Comparer);
        foreach (var work in group)
        {
            if (work.Batch is { } batch)
            {
                var key = (batch.Source, batch.Subscription);
                var before = changed.GetValueOrDefault(key) ?? _sources.GetValueOrDefault(key) ?? new SourceState(batch.Source, batch.Subscription) { FirstSeen = now };
                changed[key] = Take(work, batch, before, block, first, now); // 1
            }
        }

        if (block.Count > 0 && FreeBytes() < _options.MinFreeBytes)
        {
            throw new StoreUnavailableException($"Less than {_options.MinFreeBytes} bytes are free for {_folder}; free some, or lower the store's MaxBytes.");
        }

        byte[] packed = [];
        if (block.Count > 0)
        {
            packed = block.Pack(); // 2
            if (_segment.Committed > 0 && _segment.Committed + packed.Length > _options.SegmentBytes)
            {
                BeginSegment();
            }

            _segment.Append(packed); // 3
        }

        var segment = block.Count == 0 ? _current : _current with
        {
            Committed = _segment.Committed + packed.Length,
            Events = _current.Events + block.Count,
            MaxReceived = now.Ticks,
        };
        var dirty = _dirty.Keys.ToArray();
        try
        {
            _catalogue.Begin(); // 4
            if (block.Count > 0)
            {
                _catalogue.Put(segment);
                _catalogue.Put(new BlockRow(first, segment.Id, _segment.Committed, packed.Length, block.Count, block.MinTime.Ticks, block.MaxTime.Ticks, block.Summary()));
            }

            foreach (var state in changed.Values)
            {
                _catalogue.Put(state);
            }

            foreach (var key in dirty)
            {
                _dirty.TryRemove(key, out _);
                if (!changed.ContainsKey(key) && _sources.TryGetValue(key, out var state))
                {
                    _catalogue.Put(state);
                }
            }

            foreach (var work in group)
            {
                work.Action?.Invoke();
            }

            _catalogue.Commit();
        }
        catch
        {
            _catalogue.Rollback();
            foreach (var key in dirty)
            {
                _dirty[key] = 0;
            }

            throw;
        }

        _segment.Commit(packed.Length);
        lock (_sealed)
        {
            _current = segment;
        }

        foreach (var (key, state) in changed)
        {
            Publish(key, state);
        }

        Volatile.Write(ref _lastSequence, first + block.Count - 1);
        foreach (var work in group)
        {
            work.Done.TrySetResult(work.Outcome); // 5
        }

        if (block.Count > 0)
        {
            Interlocked.Exchange(ref _grown, NewSignal()).TrySetResult();
        }
    }

    private static SourceState Take(Work work, StoreBatch batch, SourceState before, BlockWriter block, long first, DateTime now)
    {
        var state = before with
        {
            MachineId = batch.MachineId ?? before.MachineId,
            Address = batch.Address ?? before.Address,
            FirstSeen = before.FirstSeen ?? now,
            LastSeen = now,
        };
        var hash = work.Hash;
        if (before.LastBatch is { } last && last.AsSpan().SequenceEqual(hash))
        {
            work.Outcome = new StoreOutcome(true, 0);
            return state with { Duplicates = state.Duplicates + 1 };
        }

        work.Outcome = new StoreOutcome(false, batch.Events.Count > 0 ? first + block.Count : 0);
        var origin = new EventOrigin(now, batch.Source, batch.Subscription);
        var broken = 0;
        var newest = before.LastEventTime;
        foreach (var record in batch.Events)
        {
            block.Add(record, origin);
            broken += record.IsBroken ? 1 : 0;
            newest = record.System.TimeCreated ?? newest;
        }

        return state with
        {
            Bookmark = batch.Bookmark ?? before.Bookmark,
            LastBatch = hash,
            LastDelivery = now,
            LastEventTime = newest,
            Events = before.Events + batch.Events.Count,
            Dropped = before.Dropped + batch.Dropped,
            Broken = before.Broken + broken,
            MissingRecords = before.MissingRecords + batch.Missing,
            ClearedLogs = before.ClearedLogs + batch.Cleared,
            StrangeEvents = before.StrangeEvents + batch.Strange,
        };
    }

    // A heartbeat may have been noted while the batch was on its way to the disk: the later of both counts.
    private void Publish((string Source, string Subscription) key, SourceState state) => _sources.AddOrUpdate(
        key,
        static (_, state) => state,
        static (_, now, state) => state with
        {
            LastHeartbeat = now.LastHeartbeat ?? state.LastHeartbeat,
            LastEnumerate = now.LastEnumerate ?? state.LastEnumerate,
            LastError = now.LastError,
            LastErrorCode = now.LastErrorCode,
            LastErrorTime = now.LastErrorTime,
            NextRetry = now.NextRetry,
        },
        state);

    private void BeginSegment()
    {
        var next = new SegmentRow(_current.Id + 1, 0, 0, 0);
        var file = SegmentFile.Open(SegmentFile.NameOf(_folder, next.Id), 0);
        _segment.Dispose();
        _segment = file;
        lock (_sealed)
        {
            _sealed.Add(_current);
            _current = next;
        }
    }

    private long RemoveOld()
    {
        var removed = 0L;
        var oldest = _options.MaxAge is { } age ? (_time.GetUtcNow().UtcDateTime - age).Ticks : long.MinValue;
        while (true)
        {
            SegmentRow? victim;
            lock (_sealed)
            {
                victim = _sealed.FirstOrDefault();
                if (victim is null || (victim.MaxReceived >= oldest && !(_sealed.Sum(s => s.Committed) + _current.Committed > _options.MaxBytes)))
                {
                    return removed;
                }

                _sealed.RemoveAt(0);
            }

            _catalogue.RemoveSegment(victim.Id);
            File.Delete(SegmentFile.NameOf(_folder, victim.Id)); // a crash in between leaves a stranger, which the next start removes
            removed += victim.Events;
        }
    }

    private long FreeBytes() => new DriveInfo(Path.GetFullPath(_folder)).AvailableFreeSpace;

    /// <summary>Something for the writer: a batch, or an action of the store itself.</summary>
    private sealed class Work
    {
        // Worked out here, where many do it at once, and not by the one writer.
        public Work(StoreBatch batch) => (Batch, Hash) = (batch, batch.Hash());

        public Work(Action action) => Action = action;

        public StoreBatch? Batch { get; }

        public byte[] Hash { get; } = [];

        public Action? Action { get; }

        public StoreOutcome Outcome { get; set; }

        public TaskCompletionSource<StoreOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static class SourceKey
    {
        public static IEqualityComparer<(string Source, string Subscription)> Comparer { get; } = EqualityComparer<(string Source, string Subscription)>.Create(
            static (a, b) => string.Equals(a.Source, b.Source, StringComparison.OrdinalIgnoreCase) && string.Equals(a.Subscription, b.Subscription, StringComparison.OrdinalIgnoreCase),
            static key => HashCode.Combine(key.Source.GetHashCode(StringComparison.OrdinalIgnoreCase), key.Subscription.GetHashCode(StringComparison.OrdinalIgnoreCase)));
    }
}

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
public sealed class EventStore : IEventStore
{
    private readonly string _folder;
    private readonly EventStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly Catalogue _catalogue;
    private readonly Channel<StoreWork> _work;
    private readonly ConcurrentDictionary<(string Source, string Subscription), SourceState> _sources = new(SourceKey.Comparer);
    private readonly ConcurrentDictionary<(string Source, string Subscription), byte> _dirty = new(SourceKey.Comparer);
    private readonly ChannelCounts _channels;
    private readonly Segments _segments;
    private readonly NewestEvent _newest = new();
    private readonly Task _writer;
    private readonly ITimer _flush;

    private EventStore(string folder, EventStoreOptions options, TimeProvider time, ILogger logger, FileStream @lock)
    {
        (_folder, _options, _time, _logger, _lock) = (folder, options, time, logger, @lock);
        _catalogue = new Catalogue(Path.Combine(folder, "catalogue.db"));
        _newest.Grow(_catalogue.LastSequence());
        _segments = new Segments(folder, options, _catalogue);
        _channels = new ChannelCounts(_catalogue);
        foreach (var source in _catalogue.Sources())
        {
            _sources[(source.Source, source.Subscription)] = source;
        }

        _work = Channel.CreateBounded<StoreWork>(new BoundedChannelOptions(options.MaxWaitingBatches) { SingleReader = true });
        _writer = Task.Factory.StartNew(WriteAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        _flush = time.CreateTimer(static store => ((EventStore)store!).FlushSoon(), this, options.FlushInterval, options.FlushInterval);
    }

    /// <summary>The number of the newest event that is safe.</summary>
    public long LastSequence => _newest.Sequence;

    /// <summary>What is known of every source.</summary>
    public IReadOnlyCollection<SourceState> Sources => (IReadOnlyCollection<SourceState>)_sources.Values;

    /// <summary>The channels that events came from, and how many have come from each, those included that are removed by now.</summary>
    public IReadOnlyDictionary<string, long> Channels => _channels.All;

    /// <summary>Bytes of all events on disk.</summary>
    public long Bytes => _segments.Bytes;

    /// <summary>Events on disk.</summary>
    public long Events => _segments.Events;

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
        var work = new StoreWork(batch);
        await _work.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        return await work.Done.Task.ConfigureAwait(false); // once taken it is stored, whether or not anybody still waits
    }

    /// <summary>The state of one source, or null.</summary>
    public SourceState? Source(string source, string subscription) => _sources.GetValueOrDefault((source, subscription));

    /// <inheritdoc/>
    public ValueTask<SourceState?> FetchAsync(string source, string subscription, CancellationToken cancellationToken = default) => ValueTask.FromResult(Source(source, subscription));

    /// <inheritdoc/>
    public ValueTask<IStoreLease> LeaseAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<IStoreLease>(OwnLease.Instance);

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
    public Task<long> RemoveOldAsync() => RunAsync(() => _segments.RemoveOld(_time.GetUtcNow().UtcDateTime));

    /// <summary>Waits until there is an event after <paramref name="sequence"/>.</summary>
    public Task WaitAsync(long sequence, CancellationToken cancellationToken) => _newest.WaitAsync(sequence, cancellationToken);

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
            _segments.Dispose();
            _catalogue.Dispose();
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void FlushSoon()
    {
        if (!_dirty.IsEmpty)
        {
            _work.Writer.TryWrite(new StoreWork(static () => { })); // a commit takes all that is dirty along
        }
    }

    private async Task RunAsync(Action action)
    {
        var work = new StoreWork(action);
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
        var group = new List<StoreWork>();
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

    private void Commit(List<StoreWork> group)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var first = LastSequence + 1;
        var block = new BlockWriter(first);
        var changed = new Dictionary<(string Source, string Subscription), SourceState>(SourceKey.Comparer);
        foreach (var work in group)
        {
            if (work.Batch is { } batch)
            {
                var key = (batch.Source, batch.Subscription);
                var before = changed.GetValueOrDefault(key) ?? _sources.GetValueOrDefault(key) ?? new SourceState(batch.Source, batch.Subscription) { FirstSeen = now };
                changed[key] = SourceProgress.Take(work, batch, before, block, first, now); // 1
            }
        }

        if (block.Count > 0 && FreeBytes() < _options.MinFreeBytes)
        {
            throw new StoreUnavailableException($"Less than {_options.MinFreeBytes} bytes are free for {_folder}; free some, or lower the store's MaxBytes.");
        }

        var packed = block.Count > 0 ? block.Pack() : []; // 2
        var segment = packed.Length > 0 ? _segments.Append(packed, block.Count, now) : _segments.Current; // 3
        var channels = _channels.With(block.Channels);
        var dirty = _dirty.Keys.ToArray();
        try
        {
            _catalogue.Begin(); // 4
            if (block.Count > 0)
            {
                _catalogue.Put(segment);
                _catalogue.Put(new BlockRow(first, segment.Id, _segments.Offset, packed.Length, block.Count, block.MinTime.Ticks, block.MaxTime.Ticks, block.Summary()));
            }

            foreach (var (channel, events) in channels)
            {
                _catalogue.PutChannel(channel, events);
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

        _segments.Commit(segment, packed.Length);
        _channels.Commit(channels);
        foreach (var (key, state) in changed)
        {
            _sources.AddOrUpdate(key, static (_, committed) => committed, static (_, noted, committed) => SourceProgress.Merge(noted, committed), state);
        }

        _newest.Grow(first + block.Count - 1);
        foreach (var work in group)
        {
            work.Done.TrySetResult(work.Outcome); // 5
        }
    }

    private long FreeBytes() => new DriveInfo(Path.GetFullPath(_folder)).AvailableFreeSpace;
}

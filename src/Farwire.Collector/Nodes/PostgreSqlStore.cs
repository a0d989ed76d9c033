using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Farwire.Collector.Nodes;

/// <summary>The store of several nodes in one database: each of them takes what any source sends, and none keeps anything of its own.</summary>
/// <remarks>PostgreSQL, "LISTEN" and "Advisory Locks". One writer commits what has come in since its last commit, as the store of files does.</remarks>
internal sealed class PostgreSqlStore : IEventStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _database;
    private readonly EventStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<StoreWork> _work;
    private readonly ConcurrentDictionary<(string Source, string Subscription), SourceState> _sources = new(SourceKey.Comparer);
    private readonly ConcurrentDictionary<(string Source, string Subscription), byte> _dirty = new(SourceKey.Comparer);
    private readonly NewestEvent _newest = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writer;
    private readonly Task _listener;
    private readonly ITimer _flush;
    private IReadOnlyDictionary<string, long> _channels = new Dictionary<string, long>();
    private DateTime _changed = DateTime.MinValue;
    private long _bytes;
    private long _events;
    private int _flushing;

    private PostgreSqlStore(NpgsqlDataSource database, EventStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_database, _options, _time, _logger) = (database, options, time, logger);
        using (var connection = database.OpenConnection())
        {
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_lock({NodeSchema.Lock})"));
            Run(connection, NodeSchema.Make);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_unlock({NodeSchema.Lock})"));
        }

        RefreshAsync(CancellationToken.None).GetAwaiter().GetResult();
        _work = Channel.CreateBounded<StoreWork>(new BoundedChannelOptions(options.MaxWaitingBatches) { SingleReader = true });
        _writer = Task.Run(WriteAsync);
        _listener = Task.Run(ListenAsync);
        _flush = time.CreateTimer(static store => _ = ((PostgreSqlStore)store!).FlushAsync(), this, options.FlushInterval, options.FlushInterval);
    }

    public long LastSequence => _newest.Sequence;

    public IReadOnlyCollection<SourceState> Sources => (IReadOnlyCollection<SourceState>)_sources.Values;

    public IReadOnlyDictionary<string, long> Channels => _channels;

    public long Bytes => Volatile.Read(ref _bytes);

    public long Events => Volatile.Read(ref _events);

    /// <summary>Opens the store; the tables are made when they are not there.</summary>
    /// <exception cref="IOException">The database cannot be reached, or does not let this user make tables.</exception>
    public static PostgreSqlStore Open(NpgsqlDataSource database, EventStoreOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            return new PostgreSqlStore(database, options, time, logger);
        }
        catch (NpgsqlException e)
        {
            throw new IOException($"The database of the nodes cannot be used: {e.Message}", e);
        }
    }

    public SourceState? Source(string source, string subscription) => _sources.GetValueOrDefault((source, subscription));

    public async ValueTask<SourceState?> FetchAsync(string source, string subscription, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = _database.CreateCommand($"SELECT {SourceRows.Columns} FROM farwire.source WHERE lower(source) = lower($1) AND lower(subscription) = lower($2)");
            command.Parameters.AddWithValue(SourceRows.Plain(source));
            command.Parameters.AddWithValue(SourceRows.Plain(subscription));
            await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            var state = SourceRows.Read(rows);
            Keep(state);
            return state;
        }
        catch (NpgsqlException e)
        {
            throw new StoreUnavailableException($"The database of the nodes does not answer: {e.Message}", e);
        }
    }

    public async Task<StoreOutcome> AppendAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        var work = new StoreWork(batch);
        await _work.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
        return await work.Done.Task.ConfigureAwait(false);
    }

    public void Note(string source, string subscription, Func<SourceState, SourceState> change)
    {
        _sources.AddOrUpdate(
            (source, subscription),
            static (key, change) => change(new SourceState(key.Source, key.Subscription)),
            static (_, state, change) => change(state),
            change);
        _dirty[(source, subscription)] = 0;
    }

    public async Task ForgetAsync(string source, string subscription)
    {
        _sources.TryRemove((source, subscription), out _);
        _dirty.TryRemove((source, subscription), out _);
        await RunAsync("DELETE FROM farwire.source WHERE lower(source) = lower($1) AND lower(subscription) = lower($2)", source, subscription).ConfigureAwait(false);
    }

    public async Task<long?> CursorAsync(string name)
    {
        await using var command = _database.CreateCommand("SELECT sequence FROM farwire.cursor WHERE name = $1");
        command.Parameters.AddWithValue(name);
        return await command.ExecuteScalarAsync(_stop.Token).ConfigureAwait(false) as long?;
    }

    public Task SetCursorAsync(string name, long sequence) =>
        RunAsync("INSERT INTO farwire.cursor VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET sequence = EXCLUDED.sequence", name, sequence);

    public async ValueTask<IStoreLease> LeaseAsync(string name, CancellationToken cancellationToken) => await NodeLease.TakeAsync(_database, name, cancellationToken).ConfigureAwait(false);

    public Task<long> RemoveOldAsync() => Retention.RemoveAsync(_database, _options, _time.GetUtcNow().UtcDateTime, _stop.Token);

    public Task WaitAsync(long sequence, CancellationToken cancellationToken) => _newest.WaitAsync(sequence, cancellationToken);

    public IAsyncEnumerable<StoredEvent> SearchAsync(EventSearch search, CancellationToken cancellationToken = default) => NodeSearch.RunAsync(_database, search, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _flush.DisposeAsync().ConfigureAwait(false);
        if (!_work.Writer.TryComplete())
        {
            return;
        }

        await _writer.ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listener.ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // every text is written in this room
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private async Task RunAsync(string sql, params object[] values)
    {
#pragma warning disable CA2100 // every text is written in this file
        await using var command = _database.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value is string text ? SourceRows.Plain(text) : value);
        }

        await command.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        var later = new Queue<StoreWork>();
        while (later.Count > 0 || await _work.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var group = Next(later);
            try
            {
                await using var connection = await _database.OpenConnectionAsync().ConfigureAwait(false);
                var commit = new NodeCommit(connection, _time.GetUtcNow().UtcDateTime);
                await commit.RunAsync(group, CancellationToken.None).ConfigureAwait(false);
                foreach (var state in commit.Changed)
                {
                    Keep(state);
                }

                _newest.Grow(commit.LastSequence);
                group.ForEach(work => work.Done.TrySetResult(work.Outcome));
            }
            catch (Exception e)
            {
                // Whatever it was, the waiting must hear of it, and the next commit must have its chance.
                Log.CommitFailed(_logger, e);
                group.ForEach(work => work.Done.TrySetException(new StoreUnavailableException($"The events cannot be stored: {e.Message}", e)));
            }
        }
    }

    // A source has one batch under way; were there two, the second would wait for the next commit.
    private List<StoreWork> Next(Queue<StoreWork> later)
    {
        var group = new List<StoreWork>();
        var keys = new HashSet<(string, string)>(SourceKey.Comparer);
        var waiting = later.Count;
        long bytes = 0;
        while (bytes < _options.CommitBytes && (waiting-- > 0 ? later.TryDequeue(out var work) : _work.Reader.TryRead(out work)))
        {
            if (keys.Add((work.Batch!.Source, work.Batch.Subscription)))
            {
                group.Add(work);
                bytes += work.Batch.Size;
            }
            else
            {
                later.Enqueue(work);
            }
        }

        return group;
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _database.OpenConnectionAsync(_stop.Token).ConfigureAwait(false);
                connection.Notification += (_, told) => _newest.Grow(long.TryParse(told.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : 0);
                Run(connection, "LISTEN " + NodeSchema.EventsSignal);
                await RefreshAsync(_stop.Token).ConfigureAwait(false); // what was not heard
                while (true)
                {
                    await connection.WaitAsync(_stop.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                Log.DatabaseGone(_logger, e.Message);
                await Task.Delay(Patience, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // What was noted and is not written yet stays.
    private void Keep(SourceState state) => _sources.AddOrUpdate(
        (state.Source, state.Subscription),
        static (_, fetched) => fetched,
        (key, noted, fetched) => _dirty.ContainsKey(key) ? SourceProgress.Merge(noted, fetched) : fetched,
        state);

    private async Task FlushAsync()
    {
        if (Interlocked.Exchange(ref _flushing, 1) != 0)
        {
            return;
        }

        var dirty = _dirty.Keys.ToArray();
        try
        {
            foreach (var some in dirty.Order().Chunk(1000))
            {
                await using var batch = _database.CreateBatch();
                foreach (var key in some)
                {
                    _dirty.TryRemove(key, out _);
                    if (_sources.TryGetValue(key, out var state))
                    {
                        batch.BatchCommands.Add(SourceRows.Note(state));
                    }
                }

                if (batch.BatchCommands.Count > 0)
                {
                    await batch.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);
                }
            }

            await RefreshAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            Log.DatabaseGone(_logger, e.Message);
            foreach (var key in dirty)
            {
                _dirty[key] = 0; // kept for the next time
            }
        }
        finally
        {
            Volatile.Write(ref _flushing, 0);
        }
    }

    // What other nodes did since the last time.
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (var command = new NpgsqlCommand($"SELECT {SourceRows.Columns}, changed FROM farwire.source WHERE changed >= $1", connection))
        {
            var since = _changed == DateTime.MinValue ? DateTime.UnixEpoch : _changed.AddSeconds(-30); // a commit may take that long to be seen
            command.Parameters.AddWithValue(since);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                Keep(SourceRows.Read(rows));
                var changed = rows.GetDateTime(24);
                _changed = changed > _changed ? changed : _changed;
            }
        }

        await using (var command = new NpgsqlCommand("SELECT name, events FROM farwire.channel ORDER BY name LIMIT 4096", connection))
        {
            var channels = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                channels[rows.GetString(0)] = channels.GetValueOrDefault(rows.GetString(0)) + rows.GetInt64(1);
            }

            _channels = channels;
        }

        await using (var command = new NpgsqlCommand(
            "SELECT sequence, events, (SELECT COALESCE(SUM(pg_total_relation_size(inhrelid)), 0)::bigint FROM pg_inherits WHERE inhparent = 'farwire.event'::regclass) FROM farwire.position", connection))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _events, rows.GetInt64(1));
            Volatile.Write(ref _bytes, rows.GetInt64(2));
            _newest.Grow(rows.GetInt64(0));
        }
    }
}

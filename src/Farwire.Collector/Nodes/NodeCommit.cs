using System.Globalization;
using Farwire.Collector.Store;
using Farwire.Events.Records;
using Npgsql;
using NpgsqlTypes;

namespace Farwire.Collector.Nodes;

/// <summary>Commits batches of this node: events, bookmarks and counters in one transaction.</summary>
/// <remarks>
/// 1. The position is locked: nodes commit one after another. 2. The sources of the batches are read as they are now. 3. A batch that came before is set
/// aside, and one that was overtaken is refused: the source has sent it to another node meanwhile, and gone on there. 4. Events, sources, channels and the
/// position are written, and the other nodes are told when it is committed.
/// </remarks>
internal sealed class NodeCommit(NpgsqlConnection connection, DateTime now) : IEventBlock
{
    private readonly List<(EventRecord Record, EventOrigin Origin)> _events = [];
    private readonly Dictionary<(string Source, string Subscription), SourceState> _changed = new(SourceKey.Comparer);

    public int Count => _events.Count;

    /// <summary>The sources as they are after the commit.</summary>
    public IReadOnlyCollection<SourceState> Changed => _changed.Values;

    /// <summary>The number of the newest event after the commit.</summary>
    public long LastSequence { get; private set; }

    public void Add(EventRecord record, EventOrigin origin) => _events.Add((record, origin));

    /// <summary>Commits; each work gets its outcome, or its refusal at once.</summary>
    public async Task RunAsync(IReadOnlyList<StoreWork> group, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var position = new NpgsqlCommand("SELECT sequence FROM farwire.position FOR UPDATE", connection, transaction); // 1
        var first = (long)(await position.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))! + 1;
        var known = await ReadAsync(group, cancellationToken).ConfigureAwait(false); // 2
        foreach (var work in group)
        {
            var batch = work.Batch!;
            var before = known.GetValueOrDefault((batch.Source, batch.Subscription)) ?? new SourceState(batch.Source, batch.Subscription) { FirstSeen = now };
            if (before.BatchNumber != batch.Seen && !(before.LastBatch is { } last && last.AsSpan().SequenceEqual(work.Hash))) // 3
            {
                work.Done.TrySetException(new StoreUnavailableException($"Another node has taken events of '{batch.Source}' since this batch began: it was overtaken, and is not stored."));
                continue;
            }

            var after = SourceProgress.Take(work, batch, before, this, first, now);
            _changed[(batch.Source, batch.Subscription)] = work.Outcome.IsDuplicate ? after : after with { BatchNumber = before.BatchNumber + 1 };
        }

        if (_changed.Count > 0)
        {
            await WriteAsync(first, cancellationToken).ConfigureAwait(false); // 4
        }

        LastSequence = first + Count - 1;
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Dictionary<(string Source, string Subscription), SourceState>> ReadAsync(IReadOnlyList<StoreWork> group, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {SourceRows.Columns} FROM farwire.source WHERE (lower(source), lower(subscription)) IN (SELECT lower(a), lower(b) FROM unnest($1, $2) AS wanted(a, b)) ORDER BY source, subscription FOR UPDATE", connection);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = group.Select(work => SourceRows.Plain(work.Batch!.Source)).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = group.Select(work => SourceRows.Plain(work.Batch!.Subscription)).ToArray() });
        var known = new Dictionary<(string Source, string Subscription), SourceState>(SourceKey.Comparer);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var state = SourceRows.Read(rows);
            known[(state.Source, state.Subscription)] = state;
        }

        return known;
    }

    private async Task WriteAsync(long first, CancellationToken cancellationToken)
    {
        if (Count > 0)
        {
            await using (var partition = new NpgsqlCommand(NodeSchema.MakePartition(now.Date), connection))
            {
                await partition.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await CopyAsync(first, cancellationToken).ConfigureAwait(false);
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var state in _changed.Values)
        {
            batch.BatchCommands.Add(SourceRows.Batch(state));
        }

        foreach (var channel in _events.Select(one => one.Record.System.Channel).OfType<string>().CountBy(name => name, StringComparer.OrdinalIgnoreCase).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO farwire.channel VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET events = farwire.channel.events + EXCLUDED.events")
            {
                Parameters = { new() { Value = SourceRows.Plain(channel.Key) }, new() { Value = (long)channel.Value } },
            });
        }

        if (Count > 0)
        {
            var last = first + Count - 1;
            batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE farwire.position SET sequence = $1, events = events + $2") { Parameters = { new() { Value = last }, new() { Value = (long)Count } } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_notify($1, $2)") { Parameters = { new() { Value = NodeSchema.EventsSignal }, new() { Value = last.ToString(CultureInfo.InvariantCulture) } } });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(long first, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY farwire.event(sequence, received, source, subscription, time, channel, computer, provider, event_id, level, problem, xml) FROM STDIN (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _events.Count; i++)
        {
            var (record, origin) = _events[i];
            var system = record.System;
            await copy.StartRowAsync(cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(first + i, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
            await copy.WriteAsync(origin.Received, NpgsqlDbType.TimestampTz, cancellationToken).ConfigureAwait(false);
            await TextAsync(origin.Source).ConfigureAwait(false);
            await TextAsync(origin.Subscription).ConfigureAwait(false);
            await OptionalAsync(system.TimeCreated, NpgsqlDbType.TimestampTz).ConfigureAwait(false);
            await TextAsync(system.Channel).ConfigureAwait(false);
            await TextAsync(system.Computer).ConfigureAwait(false);
            await TextAsync(system.ProviderName).ConfigureAwait(false);
            await OptionalAsync(system.EventId, NpgsqlDbType.Integer).ConfigureAwait(false);
            await OptionalAsync(system.Level, NpgsqlDbType.Integer).ConfigureAwait(false);
            await TextAsync(record.Problem).ConfigureAwait(false);
            await TextAsync(record.Xml).ConfigureAwait(false);
        }

        await copy.CompleteAsync(cancellationToken).ConfigureAwait(false);

        Task TextAsync(string? text) => text is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(SourceRows.Plain(text), NpgsqlDbType.Text, cancellationToken);

        Task OptionalAsync<T>(T? value, NpgsqlDbType type)
            where T : struct => value is { } one ? copy.WriteAsync(one, type, cancellationToken) : copy.WriteNullAsync(cancellationToken);
    }
}

using Farwire.Collector.Store;
using Npgsql;
using NpgsqlTypes;

namespace Farwire.Collector.Nodes;

/// <summary>Sources as rows of the table that nodes share.</summary>
internal static class SourceRows
{
    public const string Columns =
        "source, subscription, machine, address, bookmark, first_seen, last_seen, last_enumerate, last_delivery, last_event, last_heartbeat, events, duplicates, dropped, broken, error_code, error, error_time, next_retry, last_batch, missing, cleared, strange, batch";

    // What a batch changes. Who has committed it has locked the row's predecessor before.
    private const string PutBatch = """
        INSERT INTO farwire.source(source, subscription, machine, address, bookmark, first_seen, last_seen, last_delivery, last_event, events, duplicates, dropped, broken, missing, cleared, strange, last_batch, batch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        ON CONFLICT (lower(source), lower(subscription)) DO UPDATE SET machine = EXCLUDED.machine, address = EXCLUDED.address, bookmark = EXCLUDED.bookmark,
            last_seen = GREATEST(farwire.source.last_seen, EXCLUDED.last_seen), last_delivery = EXCLUDED.last_delivery, last_event = EXCLUDED.last_event, events = EXCLUDED.events,
            duplicates = EXCLUDED.duplicates, dropped = EXCLUDED.dropped, broken = EXCLUDED.broken, missing = EXCLUDED.missing, cleared = EXCLUDED.cleared,
            strange = EXCLUDED.strange, last_batch = EXCLUDED.last_batch, batch = EXCLUDED.batch, changed = clock_timestamp()
        """;

    // What is noted between batches: nothing of it goes back in time, and the bookmark stays as it is.
    private const string PutNote = """
        INSERT INTO farwire.source(source, subscription, machine, address, first_seen, last_seen, last_enumerate, last_heartbeat, error_code, error, error_time, next_retry)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (lower(source), lower(subscription)) DO UPDATE SET machine = EXCLUDED.machine, address = EXCLUDED.address,
            first_seen = LEAST(farwire.source.first_seen, EXCLUDED.first_seen), last_seen = GREATEST(farwire.source.last_seen, EXCLUDED.last_seen),
            last_enumerate = GREATEST(farwire.source.last_enumerate, EXCLUDED.last_enumerate), last_heartbeat = GREATEST(farwire.source.last_heartbeat, EXCLUDED.last_heartbeat),
            error_code = EXCLUDED.error_code, error = EXCLUDED.error, error_time = EXCLUDED.error_time, next_retry = EXCLUDED.next_retry, changed = clock_timestamp()
        """;

    public static NpgsqlBatchCommand Batch(SourceState s) => Command(
        PutBatch,
        Text(s.Source), Text(s.Subscription), Text(s.MachineId), Text(s.Address), Text(s.Bookmark), Time(s.FirstSeen), Time(s.LastSeen), Time(s.LastDelivery), Time(s.LastEventTime),
        Number(s.Events), Number(s.Duplicates), Number(s.Dropped), Number(s.Broken), Number(s.MissingRecords), Number(s.ClearedLogs), Number(s.StrangeEvents),
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)s.LastBatch ?? DBNull.Value }, Number(s.BatchNumber));

    public static NpgsqlBatchCommand Note(SourceState s) => Command(
        PutNote,
        Text(s.Source), Text(s.Subscription), Text(s.MachineId), Text(s.Address), Time(s.FirstSeen), Time(s.LastSeen), Time(s.LastEnumerate), Time(s.LastHeartbeat),
        Number(s.LastErrorCode), Text(s.LastError), Time(s.LastErrorTime), Time(s.NextRetry));

    public static SourceState Read(NpgsqlDataReader row) => SourceState.Read(row, static (row, column) => row.GetDateTime(column)) with { BatchNumber = row.GetInt64(23) };

    // Its text can hold every character but this one.
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? Plain(string? text) => text?.Replace('\0', '\uFFFD');

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)Plain(value) ?? DBNull.Value };

    private static NpgsqlParameter Time(DateTime? value) => new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Number(long value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = value };
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Farwire.Collector.Store;
using Farwire.Events.Export;
using Npgsql;
using NpgsqlTypes;

namespace Farwire.Collector.Outputs;

/// <summary>Writes events into a table of PostgreSQL, each once.</summary>
/// <remarks>
/// The table is made when it is not there. Its key is the collector's name and the event's number there: a batch that is sent again, because its
/// answer was lost, changes nothing. A batch is one statement, and so one transaction.
/// </remarks>
public sealed partial class PostgreSqlOutput : IEventOutput
{
    private readonly NpgsqlDataSource _database;
    private readonly string _table;
    private bool _isMade;

    /// <summary>Makes the output; nothing is connected yet.</summary>
    /// <param name="connection">As Npgsql takes it: <c>Host=db.example;Database=events;Username=farwire;SSL Mode=VerifyFull</c>.</param>
    /// <param name="password">The password, when it does not stand there.</param>
    /// <param name="table">The table.</param>
    public PostgreSqlOutput(string connection, string? password = null, string table = "farwire_events")
    {
        var builder = new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "farwire" };
        if (password is not null)
        {
            builder.Password = password;
        }

        (_database, _table) = (NpgsqlDataSource.Create(builder), table);
    }

    /// <summary>Refuses what is no connection string or no table's name.</summary>
    /// <exception cref="ArgumentException">And why.</exception>
    public static void Check(string connection, string table)
    {
        _ = new NpgsqlConnectionStringBuilder(connection);
        if (!TableName().IsMatch(table))
        {
            throw new ArgumentException($"'{table}' is no name of a table: letters, digits and underscores, perhaps a schema and a dot before.");
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            if (!_isMade)
            {
                await using var make = new NpgsqlCommand(Schema(), connection);
                await make.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                _isMade = true;
            }

            await using var insert = Insert(connection, events);
            await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return [];
        }
        catch (NpgsqlException e)
        {
            _isMade = false; // somebody may have taken the table away
            throw new OutputException($"PostgreSQL does not take events: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private string Schema() => $"""
        CREATE TABLE IF NOT EXISTS {_table}(collector text NOT NULL, sequence bigint NOT NULL, received timestamptz NOT NULL, source text NOT NULL, subscription text NOT NULL,
            time timestamptz, channel text, computer text, provider text, event_id integer, level integer, record_id numeric, event jsonb NOT NULL, xml text NOT NULL,
            PRIMARY KEY(collector, sequence));
        CREATE INDEX IF NOT EXISTS {_table.Replace('.', '_')}_time ON {_table}(time);
        """;

    private NpgsqlCommand Insert(NpgsqlConnection connection, IReadOnlyList<StoredEvent> events)
    {
        var command = new NpgsqlCommand(
            $"""
            INSERT INTO {_table}(collector, sequence, received, source, subscription, time, channel, computer, provider, event_id, level, record_id, event, xml)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = events[0].Collector });
        Column(NpgsqlDbType.Bigint, e => e.Sequence);
        Column(NpgsqlDbType.TimestampTz, e => e.Origin.Received);
        Column(NpgsqlDbType.Text, e => Plain(e.Origin.Source));
        Column(NpgsqlDbType.Text, e => Plain(e.Origin.Subscription));
        Column(NpgsqlDbType.TimestampTz, e => e.System.TimeCreated);
        Column(NpgsqlDbType.Text, e => Plain(e.System.Channel));
        Column(NpgsqlDbType.Text, e => Plain(e.System.Computer));
        Column(NpgsqlDbType.Text, e => Plain(e.System.ProviderName));
        Column(NpgsqlDbType.Integer, e => e.System.EventId);
        Column(NpgsqlDbType.Integer, e => e.System.Level);
        Column(NpgsqlDbType.Numeric, e => (decimal?)e.System.RecordId);
        Column(NpgsqlDbType.Jsonb, Json);
        Column(NpgsqlDbType.Text, e => Plain(e.Record.Xml));
        return command;

        void Column<T>(NpgsqlDbType type, Func<StoredEvent, T> value) =>
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = events.Select(value).ToArray() });
    }

    private static string Json(StoredEvent stored)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, EventJson.Options))
        {
            EventLine.WriteJson(json, stored, EventFormat.Json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length).Replace("\\u0000", "\\uFFFD", StringComparison.Ordinal);
    }

    // Its text can hold every character but this one.
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Plain(string? text) => text?.Replace('\0', '\uFFFD');

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?$")]
    private static partial Regex TableName();
}

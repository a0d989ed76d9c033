using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Farwire.Collector.Store;

/// <summary>A segment as the catalogue knows it.</summary>
internal sealed record SegmentRow(long Id, long Committed, long Events, long MaxReceived);

/// <summary>Where a block lies and what may be in it.</summary>
internal sealed record BlockRow(long FirstSequence, long Segment, long Offset, int Length, int Count, long MinTime, long MaxTime, byte[] Summary)
{
    public long LastSequence => FirstSequence + Count - 1;
}

/// <summary>
/// The catalogue of the store: which bytes of which segment are committed, where blocks lie, and where every source continues. What is not in here was
/// never acknowledged.
/// </summary>
/// <remarks>SQLite with a write-ahead log, synced at every commit. One connection writes; searches read through others.</remarks>
internal sealed class Catalogue : IDisposable
{
    private const long SchemaVersion = 3;

    private const string Schema = """
        CREATE TABLE segment(id INTEGER PRIMARY KEY, committed INTEGER NOT NULL, events INTEGER NOT NULL, max_received INTEGER NOT NULL);
        CREATE TABLE block(first INTEGER PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, count INTEGER NOT NULL,
            min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, summary BLOB NOT NULL);
        CREATE INDEX block_segment ON block(segment);
        CREATE TABLE source(source TEXT NOT NULL COLLATE NOCASE, subscription TEXT NOT NULL COLLATE NOCASE, machine TEXT, address TEXT, bookmark TEXT,
            first_seen INTEGER, last_seen INTEGER, last_enumerate INTEGER, last_delivery INTEGER, last_event INTEGER, last_heartbeat INTEGER,
            events INTEGER NOT NULL, duplicates INTEGER NOT NULL, dropped INTEGER NOT NULL, broken INTEGER NOT NULL,
            error_code INTEGER NOT NULL, error TEXT, error_time INTEGER, next_retry INTEGER, batch BLOB,
            missing INTEGER NOT NULL DEFAULT 0, cleared INTEGER NOT NULL DEFAULT 0, strange INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(source, subscription)) WITHOUT ROWID;
        CREATE TABLE cursor(name TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
        """ + Channels;

    private const string Channels = "CREATE TABLE channel(name TEXT PRIMARY KEY COLLATE NOCASE, events INTEGER NOT NULL);";

    private const string FromOne = """
        ALTER TABLE source ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE source ADD COLUMN cleared INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE source ADD COLUMN strange INTEGER NOT NULL DEFAULT 0;
        """;

    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly SqliteCommand _putSource;
    private readonly SqliteCommand _putBlock;
    private readonly SqliteCommand _putSegment;
    private readonly SqliteCommand _putCursor;
    private readonly SqliteCommand _putChannel;
    private SqliteTransaction? _transaction;

    public Catalogue(string path)
    {
        _path = path;
        _writer = Open(SqliteOpenMode.ReadWriteCreate);
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        var version = Scalar("PRAGMA user_version");
        if (version == 0)
        {
            using var transaction = _writer.BeginTransaction();
            using var command = Command(Schema + string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={SchemaVersion};"));
            command.Transaction = transaction;
            command.ExecuteNonQuery();
            transaction.Commit();
        }
        else if (version is 1 or 2)
        {
            Execute(string.Create(CultureInfo.InvariantCulture, $"BEGIN; {(version == 1 ? FromOne : "")} {Channels} PRAGMA user_version={SchemaVersion}; COMMIT;"));
        }
        else if (version != SchemaVersion)
        {
            throw new InvalidDataException($"{path} was written by a newer Farwire (version {version}); this one knows version {SchemaVersion}. Start the newer one.");
        }

        _putSource = Command(
            "INSERT OR REPLACE INTO source VALUES ($source,$subscription,$machine,$address,$bookmark,$first,$seen,$enumerate,$delivery,$event,$heartbeat,$events,$duplicates,$dropped,$broken,$code,$error,$errortime,$retry,$batch,$missing,$cleared,$strange)",
            "$source", "$subscription", "$machine", "$address", "$bookmark", "$first", "$seen", "$enumerate", "$delivery", "$event", "$heartbeat",
            "$events", "$duplicates", "$dropped", "$broken", "$code", "$error", "$errortime", "$retry", "$batch", "$missing", "$cleared", "$strange");
        _putBlock = Command(
            "INSERT INTO block VALUES ($first,$segment,$offset,$length,$count,$min,$max,$summary)",
            "$first", "$segment", "$offset", "$length", "$count", "$min", "$max", "$summary");
        _putSegment = Command("INSERT OR REPLACE INTO segment VALUES ($id,$committed,$events,$received)", "$id", "$committed", "$events", "$received");
        _putChannel = Command("INSERT OR REPLACE INTO channel VALUES ($name,$events)", "$name", "$events");
        _putCursor = Command("INSERT OR REPLACE INTO cursor VALUES ($name,$sequence)", "$name", "$sequence");
    }

    public void Begin() => _transaction = _writer.BeginTransaction();

    public void Commit()
    {
        _transaction!.Commit(); // synced: from here on the batch is safe
        _transaction.Dispose();
        _transaction = null;
    }

    public void Rollback()
    {
        _transaction?.Dispose();
        _transaction = null;
    }

    public void Put(SegmentRow row) => Run(_putSegment, row.Id, row.Committed, row.Events, row.MaxReceived);

    public void Put(BlockRow row) => Run(_putBlock, row.FirstSequence, row.Segment, row.Offset, row.Length, row.Count, row.MinTime, row.MaxTime, row.Summary);

    public void Put(SourceState s) => Run(
        _putSource, s.Source, s.Subscription, s.MachineId, s.Address, s.Bookmark, s.FirstSeen?.Ticks, s.LastSeen?.Ticks, s.LastEnumerate?.Ticks,
        s.LastDelivery?.Ticks, s.LastEventTime?.Ticks, s.LastHeartbeat?.Ticks, s.Events, s.Duplicates, s.Dropped, s.Broken, s.LastErrorCode, s.LastError,
        s.LastErrorTime?.Ticks, s.NextRetry?.Ticks, s.LastBatch, s.MissingRecords, s.ClearedLogs, s.StrangeEvents);

    public void PutChannel(string name, long events) => Run(_putChannel, name, events);

    public void PutCursor(string name, long sequence) => Run(_putCursor, name, sequence);

    public void RemoveSegment(long id)
    {
        using var blocks = Command("DELETE FROM block WHERE segment=$id", "$id");
        Run(blocks, id);
        using var segment = Command("DELETE FROM segment WHERE id=$id", "$id");
        Run(segment, id);
    }

    public void RemoveSource(string source, string subscription)
    {
        using var command = Command("DELETE FROM source WHERE source=$source AND subscription=$subscription", "$source", "$subscription");
        Run(command, source, subscription);
    }

    public List<(string Name, long Events)> ChannelCounts() => Read(_writer, "SELECT name, events FROM channel", static row => (row.GetString(0), row.GetInt64(1)));

    public long LastSequence() => Scalar("SELECT COALESCE(MAX(first + count - 1), 0) FROM block");

    public long? Cursor(string name)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = "SELECT sequence FROM cursor WHERE name=$name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() as long?;
    }

    public List<SegmentRow> Segments() => Read(
        _writer, "SELECT id, committed, events, max_received FROM segment ORDER BY id",
        row => new SegmentRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));

    public List<SourceState> Sources() => Read(
        _writer, "SELECT * FROM source", static row => SourceState.Read(row, static (row, column) => new DateTime(row.GetInt64(column), DateTimeKind.Utc)));

    /// <summary>The blocks of a range of numbers and times in order, some hundreds at a time, through a connection of their own.</summary>
    public List<BlockRow> Blocks(long after, long before, long minTime, long maxTime, bool newestFirst, int count)
    {
        using var reader = Open(SqliteOpenMode.ReadOnly);
        return Read(
            reader,
            $"SELECT first, segment, offset, length, count, min_time, max_time, summary FROM block WHERE first + count - 1 > $after AND first < $before AND max_time >= $min AND min_time <= $max ORDER BY first {(newestFirst ? "DESC" : "ASC")} LIMIT $count",
            row => new BlockRow(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6), (byte[])row[7]),
            ("$after", after), ("$before", before), ("$min", minTime), ("$max", maxTime), ("$count", count));
    }

    public void Dispose()
    {
        _putSource.Dispose();
        _putBlock.Dispose();
        _putSegment.Dispose();
        _putCursor.Dispose();
        _putChannel.Dispose();
        _writer.Dispose();
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = mode == SqliteOpenMode.ReadOnly,
        }.ToString());
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private long Scalar(string sql)
    {
        using var command = Command(sql);
        return (long)command.ExecuteScalar()!;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _writer.CreateCommand();
#pragma warning disable CA2100 // every text is written in this file
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }

    private void Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is written in this file
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}

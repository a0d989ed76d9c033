using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Farwire.Source.Journal;

/// <summary>Keeps anchors and the rules they were made with over restarts.</summary>
/// <remarks>SQLite with a write-ahead log. What is lost in a crash is counted again, with the same result.</remarks>
internal sealed class AnchorStore : IDisposable
{
    private const long SchemaVersion = 1;

    private readonly SqliteConnection _connection;

    /// <exception cref="InvalidDataException">A newer Farwire wrote it.</exception>
    public AnchorStore(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
        using var version = _connection.CreateCommand();
        version.CommandText = "PRAGMA user_version";
        if ((long)version.ExecuteScalar()! is not 0 and not SchemaVersion and var newer)
        {
            throw new InvalidDataException($"{path} was written by a newer Farwire (version {newer}); this one knows version {SchemaVersion}. Start the newer one.");
        }

        Run(string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TABLE IF NOT EXISTS rules(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
            CREATE TABLE IF NOT EXISTS anchor(total INTEGER PRIMARY KEY, cursor TEXT, time INTEGER NOT NULL, rules INTEGER NOT NULL, counts TEXT NOT NULL);
            PRAGMA user_version={SchemaVersion};
            """));
    }

    /// <summary>Every anchor, in order.</summary>
    public List<Anchor> Read()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT total, cursor, time, rules, counts FROM anchor ORDER BY total";
        using var row = command.ExecuteReader();
        var anchors = new List<Anchor>();
        while (row.Read())
        {
            anchors.Add(new Anchor(
                row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero), row.GetInt32(3), ReadCounts(row.GetString(4))));
        }

        return anchors;
    }

    /// <summary>The rules that anchors name.</summary>
    public Dictionary<int, string> Rules()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id, text FROM rules";
        using var row = command.ExecuteReader();
        var rules = new Dictionary<int, string>();
        while (row.Read())
        {
            rules.Add(row.GetInt32(0), row.GetString(1));
        }

        return rules;
    }

    /// <summary>The number of these rules.</summary>
    public int Keep(string rules)
    {
        Run("INSERT OR IGNORE INTO rules(text) VALUES ($text)", ("$text", rules));
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id FROM rules WHERE text=$text";
        command.Parameters.AddWithValue("$text", rules);
        return (int)(long)command.ExecuteScalar()!;
    }

    public void Put(Anchor anchor) => Run(
        "INSERT OR REPLACE INTO anchor VALUES ($total,$cursor,$time,$rules,$counts)",
        ("$total", anchor.Total), ("$cursor", (object?)anchor.Cursor ?? DBNull.Value), ("$time", anchor.Time.UtcTicks), ("$rules", anchor.Rules), ("$counts", string.Join('\n', anchor.Counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {c.Key}")))));

    /// <summary>Forgets anchors before <paramref name="total"/>, and rules that none names any more.</summary>
    public void Forget(long total) => Run("DELETE FROM anchor WHERE total<$total; DELETE FROM rules WHERE id NOT IN (SELECT rules FROM anchor)", ("$total", total));

    public void Dispose() => _connection.Dispose();

    // A line a channel: its number, a blank, its name.
    private static Dictionary<string, ulong> ReadCounts(string text)
    {
        var counts = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            counts[line[(blank + 1)..]] = ulong.Parse(line.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return counts;
    }

    private void Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using Farwire.Collector.Search;
using Farwire.Collector.Store;
using Farwire.Events.Records;
using Npgsql;

namespace Farwire.Collector.Nodes;

/// <summary>One search in the database of the nodes: what has a column the database tests, XPath is tested here as events come.</summary>
internal static class NodeSearch
{
    // Some at a time, so that nobody who stops reading leaves a query behind.
    private const int RowsAtOnce = 1000;

    public static async IAsyncEnumerable<StoredEvent> RunAsync(NpgsqlDataSource database, EventSearch search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (left, collector) = (search.Limit, new NpgsqlConnectionStringBuilder(database.ConnectionString).Database ?? "");
        while (left > 0)
        {
            var rows = await ReadAsync(database, search, collector, cancellationToken).ConfigureAwait(false);
            foreach (var stored in rows)
            {
                if ((search.Filter is null || search.Filter.Matches(stored.Record)) && (search.Query is null || search.Query.Matches(stored.Record, search.Log)))
                {
                    yield return stored;
                    if (--left == 0)
                    {
                        yield break;
                    }
                }
            }

            if (rows.Count < RowsAtOnce)
            {
                yield break;
            }

            search = search.NewestFirst ? search with { Before = rows[^1].Sequence } : search with { After = rows[^1].Sequence };
        }
    }

    private static async Task<List<StoredEvent>> ReadAsync(NpgsqlDataSource database, EventSearch search, string collector, CancellationToken cancellationToken)
    {
        await using var command = Command(database, search);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var found = new List<StoredEvent>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(Read(rows, collector));
        }

        return found;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, EventSearch search)
    {
        var text = new StringBuilder("SELECT sequence, received, source, subscription, problem, xml FROM farwire.event WHERE TRUE");
        var command = database.CreateCommand();
        Where("sequence > {0}", search.After > 0 ? search.After : null);
        Where("sequence < {0}", search.Before < long.MaxValue ? search.Before : null);
        Where("COALESCE(time, received) >= {0}", search.From is { } from ? DateTime.SpecifyKind(from, DateTimeKind.Utc) : null);
        Where("COALESCE(time, received) < {0}", search.To is { } to ? DateTime.SpecifyKind(to, DateTimeKind.Utc) : null);
        Where("lower(channel) = lower({0})", search.Channel);
        Where("lower(computer) = lower({0})", search.Computer);
        Where("lower(provider) = lower({0})", search.Provider);
        Where("lower(source) = lower({0})", search.Source);
        Where("lower(subscription) = lower({0})", search.Subscription);
        Where("event_id = ANY({0})", search.EventIds.Count > 0 ? search.EventIds.ToArray() : null);
        Where("level = ANY({0})", search.Levels.Count > 0 ? search.Levels.ToArray() : null);
        Where("xml ILIKE {0}", search.Text is { Length: > 0 } wanted ? $"%{wanted.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%" : null);
        text.Append(search.NewestFirst ? " ORDER BY sequence DESC" : " ORDER BY sequence");
        text.Append(" LIMIT ").Append(RowsAtOnce);

#pragma warning disable CA2100 // every text is written in this file
        command.CommandText = text.ToString();
#pragma warning restore CA2100
        return command;

        void Where(string condition, object? value)
        {
            if (value is not null)
            {
                command.Parameters.AddWithValue(value is string name ? SourceRows.Plain(name) : value);
                text.Append(" AND ").Append(condition.Replace("{0}", $"${command.Parameters.Count}", StringComparison.Ordinal));
            }
        }
    }

    private static StoredEvent Read(NpgsqlDataReader row, string collector)
    {
        var record = EventRecord.Read(row.GetString(5));
        return new StoredEvent(row.GetInt64(0), new EventOrigin(row.GetDateTime(1), row.GetString(2), row.GetString(3)), record.System, row.IsDBNull(4) ? null : row.GetString(4), Encoding.UTF8.GetBytes(record.Xml)) { Collector = collector };
    }
}

using System.Globalization;
using Farwire.Collector.Store;
using Npgsql;

namespace Farwire.Collector.Nodes;

/// <summary>Removes whole days of events.</summary>
internal static class Retention
{
    /// <summary>Removes what is older or more than the options allow, never today; answers how many events went.</summary>
    public static async Task<long> RemoveAsync(NpgsqlDataSource database, EventStoreOptions options, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var days = await DaysAsync(connection, cancellationToken).ConfigureAwait(false);
        var bytes = days.Sum(day => day.Bytes);
        long gone = 0;
        foreach (var (day, size) in days.Where(day => day.Day < now.Date))
        {
            if (!(options.MaxAge is { } age && day.AddDays(1) < now - age) && !(options.MaxBytes is { } most && bytes > most))
            {
                break; // those that follow are newer
            }

            gone += await DropAsync(connection, day, cancellationToken).ConfigureAwait(false);
            bytes -= size;
        }

        return gone;
    }

    private static async Task<List<(DateTime Day, long Bytes)>> DaysAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'farwire.event'::regclass ORDER BY 1", connection);
        var days = new List<(DateTime, long)>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (DateTime.TryParseExact(rows.GetString(0), "'event_'yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                days.Add((day, rows.GetInt64(1)));
            }
        }

        return days;
    }

    // Another node may be at it too: the position is locked as for a commit, and who comes second finds nothing.
    private static async Task<long> DropAsync(NpgsqlConnection connection, DateTime day, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var name = NodeSchema.PartitionOf(day);
#pragma warning disable CA2100 // the name is made of a date
        await using var lockPosition = new NpgsqlCommand($"SELECT to_regclass('farwire.{name}') IS NOT NULL FROM farwire.position FOR UPDATE", connection);
        if (await lockPosition.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            return 0;
        }

        await using var count = new NpgsqlCommand($"SELECT COUNT(*) FROM farwire.{name}", connection);
        var events = (long)(await count.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        await using var drop = new NpgsqlCommand($"DROP TABLE farwire.{name}", connection);
#pragma warning restore CA2100
        await drop.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await using var update = new NpgsqlCommand("UPDATE farwire.position SET events = events - $1", connection) { Parameters = { new() { Value = events } } };
        await update.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return events;
    }
}

using System.Security.Cryptography;
using System.Text;
using Farwire.Collector.Store;
using Npgsql;

namespace Farwire.Collector.Nodes;

/// <summary>A lock of the database that ends with the connection that has it: a node that dies lets go.</summary>
/// <remarks>PostgreSQL, "Advisory Locks".</remarks>
internal sealed class NodeLease : IStoreLease
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection _connection;

    private NodeLease(NpgsqlConnection connection) => _connection = connection;

    public static async Task<NodeLease> TakeAsync(NpgsqlDataSource database, string name, CancellationToken cancellationToken)
    {
        var number = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("farwire lease " + name)));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            NpgsqlConnection? connection = null;
            try
            {
                connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = number } } };
                if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
                {
                    return new NodeLease(connection);
                }
            }
            catch (NpgsqlException)
            {
                // The database is away; nobody has the lease then.
            }

            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<bool> IsHeldAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", _connection);
            await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    // The pool gives a connection back without its locks.
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

using Npgsql;

namespace Farwire.Collector.Nodes;

/// <summary>The database that several collectors share, so that each can do what the others can.</summary>
/// <param name="Connection">As Npgsql takes it: <c>Host=db.example;Database=events;Username=farwire;SSL Mode=VerifyFull</c>.</param>
public sealed record NodeOptions(string Connection)
{
    /// <summary>The password, when it does not stand in <see cref="Connection"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Refuses what is no connection string.</summary>
    /// <exception cref="ArgumentException">And why.</exception>
    public void Check() => _ = new NpgsqlConnectionStringBuilder(Connection);

    // Acknowledged is what is on the disk, whatever the database does by default; a database that is gone shows; a node that stands still in the middle of
    // a commit does not hold up the others.
    internal NpgsqlDataSource Open()
    {
        var builder = new NpgsqlConnectionStringBuilder(Connection) { ApplicationName = "farwire", Options = "-c synchronous_commit=on -c idle_in_transaction_session_timeout=10000", KeepAlive = 10 };
        if (Password is not null)
        {
            builder.Password = Password;
        }

        return NpgsqlDataSource.Create(builder);
    }
}

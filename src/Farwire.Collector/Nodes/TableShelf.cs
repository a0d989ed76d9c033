using System.Globalization;
using Farwire.Collector.Subscriptions;
using Npgsql;

namespace Farwire.Collector.Nodes;

/// <summary>Subscriptions as rows of a table, the same for all nodes.</summary>
internal sealed class TableShelf(NpgsqlDataSource database) : ISubscriptionShelf
{
    private const string Prefix = "subscription/";
    private const string Channels = "channels";

    public string Look()
    {
        using var command = database.CreateCommand("SELECT COUNT(*) || ' ' || COALESCE(MAX(version), 0) FROM farwire.document");
        return (string)command.ExecuteScalar()!;
    }

    public IEnumerable<(string Name, Func<string> Read)> Read()
    {
        var all = new List<(string, Func<string>)>();
        using var command = database.CreateCommand($"SELECT name, content FROM farwire.document WHERE name LIKE '{Prefix}%' ORDER BY name");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var xml = rows.GetString(1);
            all.Add((rows.GetString(0), () => xml));
        }

        return all;
    }

    public void Write(string id, string xml) => Put(Prefix + id.ToUpper(CultureInfo.InvariantCulture), xml);

    public void Remove(string id)
    {
        using var command = database.CreateCommand("DELETE FROM farwire.document WHERE name = $1");
        command.Parameters.AddWithValue(Prefix + id.ToUpper(CultureInfo.InvariantCulture));
        command.ExecuteNonQuery();
    }

    public string? ReadChannels()
    {
        using var command = database.CreateCommand($"SELECT content FROM farwire.document WHERE name = '{Channels}'");
        return command.ExecuteScalar() as string;
    }

    public void WriteChannels(string json) => Put(Channels, json);

    private void Put(string name, string content)
    {
        using var command = database.CreateCommand(
            "INSERT INTO farwire.document VALUES ($1, $2, nextval('farwire.document_version')) ON CONFLICT (name) DO UPDATE SET content = EXCLUDED.content, version = EXCLUDED.version");
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(content);
        command.ExecuteNonQuery();
    }
}

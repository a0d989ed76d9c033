using System.Text.Json;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Security;
using Npgsql;
using RabbitMQ.Client;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Two built collectors that share PostgreSQL, behind haproxy, with RabbitMQ after them.</summary>
public sealed class NodeTests
{
    private const int Sources = 30;
    private const int Batches = 40;
    private const int BatchEvents = 10;
    private const int All = Sources * Batches * BatchEvents;

    [Fact]
    public async Task A_node_that_is_killed_under_load_loses_and_doubles_nothing_and_the_other_goes_on_with_all_it_did()
    {
        await using var postgres = await PostgresAsync();
        await using var rabbit = await RabbitAsync();
        var connection = $"Host=127.0.0.1;Port={postgres.Port};Username=farwire;Database=postgres";
        await using var queue = await new ConnectionFactory { Uri = new Uri($"amqp://guest:guest@127.0.0.1:{rabbit.Port}") }.CreateConnectionAsync();
        await using var channel = await queue.CreateChannelAsync();
        await channel.QueueDeclareAsync("winlog", durable: true, exclusive: false, autoDelete: false);
        var yaml = $"Nodes: {{ Connection: \"{connection}\" }}\nOutputs:\n  - {{ Name: fan, Type: RabbitMq, Address: \"amqp://guest:guest@127.0.0.1:{rabbit.Port}\", RoutingKey: winlog, MinRetry: 1s, MaxRetry: 1s }}";
        await using var first = await CollectorNode.StartAsync(Sources, yaml);
        await using var second = await CollectorNode.StartAsync(Sources, yaml);
        await using var haproxy = await HaproxyAsync(first.Port, second.Port);

        // What one node is told the other knows.
        Must(await first.RunAsync("wecutil", "cs", await first.WriteAsync("fleet.xml", EventSender.Subscription("fleet", "src*"))));
        await AdministeredService.UntilAsync(async () => (await second.RunAsync("wecutil", "es")).Output.Contains("fleet", StringComparison.Ordinal));

        await using var database = NpgsqlDataSource.Create(connection);
        var (ledger, password) = (await second.WriteAsync("ledger", ""), await second.WriteAsync("password", CollectorNode.Password + "\n"));
        var load = Commands.RunAsync(
            RunningService.Program("farwire"),
            ["events", "simulate", "--host", $"http://127.0.0.1:{haproxy.Port}/wsman", "--unencrypted", "--user", "src{n}", "--password-file", password, "--subscription", "fleet", "--sources", $"{Sources}", "--batches", $"{Batches}", "--batch-events", $"{BatchEvents}", "--event-size", "400", "--interval", "50", "--ledger", ledger, "-o", "json"]);
        await AdministeredService.UntilAsync(async () => await CountAsync(database) > All / 10 || load.IsCompleted);
        await first.KillAsync();
        var outcome = await load;

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(new Outcome(0, $"{All:#,0} events acknowledged, {All:#,0} stored, 0 missing, 0 twice\n", ""), await second.RunAsync("events", "simulate", "--verify", ledger, "--subscription", "fleet"));

        // The fan-out went over to the node that is left: each event is there, under the same name should it be there twice.
        var ids = new HashSet<string>();
        await AdministeredService.UntilAsync(async () =>
        {
            while (await channel.BasicGetAsync("winlog", autoAck: true) is { } message)
            {
                ids.Add(message.BasicProperties.MessageId!);
            }

            return ids.Count == All;
        });

        // A node that comes back knows all that the others did, and keeps nothing of its own.
        await first.StartAsync();
        Assert.Equal(Sources, JsonDocument.Parse((await first.RunAsync("events", "sources", "-o", "json")).Output).RootElement.GetArrayLength());
        Assert.Equal(BatchEvents * Batches, (await first.RunAsync("events", "search", "--source", "src7", "--limit", "100000", "-o", "json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await using var days = database.CreateCommand("SELECT COUNT(*) FROM pg_inherits WHERE inhparent = 'farwire.event'::regclass");
        Assert.InRange((long)(await days.ExecuteScalarAsync())!, 1, 2); // around midnight there are two
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT sequence FROM farwire.position");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<Daemon> PostgresAsync()
    {
        const string bin = "/usr/lib/postgresql/15/bin";
        Commands.Need(bin + "/postgres");
        return await Daemon.StartAsync("/usr/sbin/runuser", async (folder, port) =>
        {
            Must(await Commands.RunAsync("/usr/sbin/runuser", ["-u", "postgres", "--", bin + "/initdb", "-D", Path.Combine(folder, "db"), "-A", "trust", "-U", "farwire", "--no-sync"]));
            return ["-u", "postgres", "--", bin + "/postgres", "-D", Path.Combine(folder, "db"), "-p", $"{port}", "-h", "127.0.0.1", "-k", folder];
        });
    }

    private static Task<Daemon> RabbitAsync()
    {
        Commands.Need("/usr/lib/rabbitmq/bin/rabbitmq-server");
        return Daemon.StartAsync("/usr/bin/env", (folder, port) => Task.FromResult<string[]>(
        [
            $"RABBITMQ_NODENAME=farwire{port}@localhost", $"RABBITMQ_NODE_PORT={port}", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1", $"RABBITMQ_DIST_PORT={LoopbackPort.Free()}", $"ERL_EPMD_PORT={LoopbackPort.Free()}",
            "ERL_EPMD_ADDRESS=127.0.0.1", $"RABBITMQ_MNESIA_BASE={folder}", $"RABBITMQ_LOG_BASE={folder}", $"RABBITMQ_PID_FILE={folder}/pid", $"HOME={folder}", "RABBITMQ_ENABLED_PLUGINS_FILE=/dev/null", "RABBITMQ_CONFIG_FILE=/nowhere",
            "/usr/lib/rabbitmq/bin/rabbitmq-server",
        ]));
    }

    private static Task<Daemon> HaproxyAsync(int first, int second) => Daemon.StartAsync("/usr/sbin/haproxy", async (folder, port) =>
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "haproxy.cfg"), $"""
            defaults
              mode tcp
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              option redispatch
              retries 10
            frontend in
              bind 127.0.0.1:{port}
              default_backend nodes
            backend nodes
              balance roundrobin
              default-server check inter 200 fall 1 rise 1 send-proxy-v2 check-send-proxy on-marked-down shutdown-sessions
              server one 127.0.0.1:{first}
              server two 127.0.0.1:{second}

            """);
        return ["-db", "-f", Path.Combine(folder, "haproxy.cfg")];
    });

    private static void Must(Outcome outcome) => Assert.True(outcome.ExitCode == 0, outcome.Errors);
}

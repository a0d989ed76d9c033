using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Security;
using Npgsql;
using RabbitMQ.Client;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Events that the built collector sends on, as collector.yaml says, to receivers that others wrote.</summary>
public sealed class OutputTests
{
    private const string Name = "onward";

    [Fact]
    public async Task PostgreSQL_gets_each_event_once_also_after_it_was_away()
    {
        const string bin = "/usr/lib/postgresql/15/bin";
        Commands.Need(bin + "/postgres");
        await using var postgres = await Daemon.StartAsync("/usr/sbin/runuser", async (folder, port) =>
        {
            await MustAsync("/usr/sbin/runuser", "-u", "postgres", "--", bin + "/initdb", "-D", Path.Combine(folder, "db"), "-A", "trust", "-U", "farwire", "--no-sync");
            return ["-u", "postgres", "--", bin + "/postgres", "-D", Path.Combine(folder, "db"), "-p", $"{port}", "-h", "127.0.0.1", "-k", folder];
        });
        var connection = $"Host=127.0.0.1;Port={postgres.Port};Username=farwire;Database=postgres";
        await using var collector = await StartAsync($"Type: PostgreSql\n    Connection: {connection}\n    MinRetry: 1s\n    MaxRetry: 1s");
        await collector.SendAsync(1, EventSender.Event(1, "first \u0001 &lt;caf\u00e9>"), EventSender.Event(2, "second"));

        await using var database = NpgsqlDataSource.Create(connection);
        await UntilAsync(async () => await CountAsync(database) == 2);
        await using (var read = database.CreateCommand("SELECT event_id, record_id, computer, channel, subscription, source, xml LIKE '%caf\u00e9%', event->'EventData'->>'t' FROM farwire_events WHERE record_id = 2"))
        await using (var row = await read.ExecuteReaderAsync())
        {
            Assert.True(await row.ReadAsync());
            Assert.Equal((4624, 2m, "src01", "Security", Name, "ann"), (row.GetInt32(0), row.GetDecimal(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)));
            Assert.Equal("second", row.GetString(7));
        }

        // A database without the table, for a while: what was sent already is not sent again, and what comes meanwhile waits.
        await ExecuteAsync(database, "ALTER TABLE farwire_events RENAME TO kept; CREATE VIEW farwire_events AS SELECT 1");
        await collector.SendAsync(3, EventSender.Event(3, "third"));
        await ExecuteAsync(database, "DROP VIEW farwire_events; ALTER TABLE kept RENAME TO farwire_events");
        await UntilAsync(async () => await CountAsync(database) == 3);
    }

    [Fact]
    public async Task RabbitMQ_confirms_each_event_and_what_no_queue_takes_waits()
    {
        Commands.Need("/usr/lib/rabbitmq/bin/rabbitmq-server");
        await using var rabbit = await Daemon.StartAsync("/usr/bin/env", (folder, port) => Task.FromResult<string[]>(
        [
            $"RABBITMQ_NODENAME=farwire{port}@localhost", $"RABBITMQ_NODE_PORT={port}", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1", $"RABBITMQ_DIST_PORT={LoopbackPort.Free()}", $"ERL_EPMD_PORT={LoopbackPort.Free()}",
            "ERL_EPMD_ADDRESS=127.0.0.1", $"RABBITMQ_MNESIA_BASE={folder}", $"RABBITMQ_LOG_BASE={folder}", $"RABBITMQ_PID_FILE={folder}/pid", $"HOME={folder}", "RABBITMQ_ENABLED_PLUGINS_FILE=/dev/null", "RABBITMQ_CONFIG_FILE=/nowhere",
            "/usr/lib/rabbitmq/bin/rabbitmq-server",
        ]));
        await using var collector = await StartAsync($"Type: RabbitMq\n    Address: amqp://guest:guest@127.0.0.1:{rabbit.Port}\n    RoutingKey: winlog\n    MinRetry: 1s\n    MaxRetry: 1s");
        await collector.SendAsync(1, EventSender.Event(1, "nobody takes it yet"));

        await using var connection = await new ConnectionFactory { Uri = new Uri($"amqp://guest:guest@127.0.0.1:{rabbit.Port}") }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("winlog", durable: true, exclusive: false, autoDelete: false);
        await collector.SendAsync(2, EventSender.Event(2, "then"));

        var got = new List<(string Record, string Id, bool Persistent)>();
        await UntilAsync(async () =>
        {
            while (await channel.BasicGetAsync("winlog", autoAck: true) is { } message)
            {
                using var json = JsonDocument.Parse(message.Body);
                got.Add((json.RootElement.GetProperty("System").GetProperty("EventRecordID").GetString()!, message.BasicProperties.MessageId!, message.BasicProperties.Persistent));
            }

            return got.Count >= 2;
        });
        Assert.Equal(["1", "2"], got.Select(message => message.Record).Distinct());
        Assert.All(got, message => Assert.True(message.Persistent && message.Id.EndsWith($"-{message.Record}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Rsyslog_takes_apart_what_it_gets_over_TCP()
    {
        Commands.Need("/usr/sbin/rsyslogd");
        await using var rsyslog = await Daemon.StartAsync("/usr/sbin/rsyslogd", async (folder, port) =>
        {
            var file = Path.Combine(folder, "rsyslog.conf");
            await File.WriteAllTextAsync(file, $$"""
                module(load="imtcp")
                input(type="imtcp" port="{{port}}" address="127.0.0.1")
                template(name="parts" type="string" string="%pri-text%|%hostname%|%app-name%|%procid%|%msgid%|%msg%\n")
                action(type="omfile" file="{{folder}}/out" template="parts")

                """);
            return ["-n", "-f", file, "-i", Path.Combine(folder, "pid")];
        });
        await using var collector = await StartAsync($"Type: Syslog\n    Host: 127.0.0.1\n    Port: {rsyslog.Port}\n    Events: {{ EventId: [4624], XPath: \"*[EventData[Data='two']]\" }}");

        await collector.SendAsync(2, EventSender.Event(1, "one"), EventSender.Event(2, "two"));

        await UntilAsync(() => Task.FromResult(rsyslog.Read("out").Contains('\n', StringComparison.Ordinal)));
        Assert.Matches("^(audit|13)\\.info\\|src01\\|P\\|-\\|4624\\|.*\"EventRecordID\":\"2\"", rsyslog.Read("out"));
        Assert.DoesNotContain("one", rsyslog.Read("out"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_go_over_TLS_to_whom_the_authority_vouches_for_alone()
    {
        Commands.Need("/usr/bin/openssl");
        await using var receiver = await Daemon.StartAsync("/usr/bin/sh", async (folder, port) =>
        {
            await WriteCertificateAsync(folder);
            return ["-c", $"tail -f /dev/null | exec openssl s_server -quiet -accept 127.0.0.1:{port} -cert {folder}/cert.pem -key {folder}/key.pem > {folder}/out"];
        });
        await using var collector = await StartAsync(
            $"Type: Tcp\n    Host: localhost\n    Port: {receiver.Port}\n    Tls: true\n    Authorities: {receiver.Folder}/cert.pem\n    Format: Ecs",
            $"Name: distrusting\n    Type: Tcp\n    Host: localhost\n    Port: {receiver.Port}\n    Tls: true");

        await collector.SendAsync(1, EventSender.Event(1, "sealed"));

        await UntilAsync(() => Task.FromResult(receiver.Read("out").Contains('\n', StringComparison.Ordinal)));
        var lines = receiver.Read("out").TrimEnd().Split('\n');
        Assert.Equal("4624", JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("event").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_wrong_collector_yaml_is_told_with_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-yaml-").FullName;
        foreach (var (yaml, told) in new[]
        {
            ("Outputs:\n  - Name: a\n    Type: pigeon\n", "collector.yaml:3: Type is one of File, Syslog"),
            ("Outputs:\n  - Name: a\n    Type: file\n", ":2: Path is missing"),
            ("Outputs:\n  - Name: a\n    Type: file\n    Path: x\n    Color: red\n", ":5: 'Color' is not known here"),
            ("Outputs:\n  - { Name: a, Path: x }\n  - { Name: A, Path: y }\n", "two outputs are called 'a'"),
            ("Store: { MaxAge: soon }\n", ":1: MaxAge is a time such as 90d"),
            ("Outputs:\n  - { Name: a, Type: postgresql, Connection: Host=x, Table: 'a;drop' }\n", "is no name of a table"),
            ("Outputs:\n  - { Name: a, Path: x, Events: { XPath: '*[System[Level=]]' } }\n", "at character 16"),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "collector.yaml"), yaml);
            var checkedFile = await Commands.RunAsync(RunningService.Program("farwired"), ["config", "check", "--config-dir", folder, "--state-dir", folder]);
            Assert.Equal(78, checkedFile.ExitCode);
            Assert.Contains(told, checkedFile.Errors, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task WriteCertificateAsync(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database)
    {
        try
        {
            await using var count = database.CreateCommand("SELECT count(*) FROM farwire_events");
            return (long)(await count.ExecuteScalarAsync())!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task MustAsync(string program, params string[] words)
    {
        var outcome = await Commands.RunAsync(program, words);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private static Task UntilAsync(Func<Task<bool>> condition) => AdministeredService.UntilAsync(condition);

    private static async Task<Onward> StartAsync(params string[] outputs)
    {
        var yaml = new StringBuilder("Outputs:\n");
        foreach (var output in outputs)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - {(output.StartsWith("Name:", StringComparison.Ordinal) ? "" : "Name: one\n    ")}{output}\n");
        }

        var service = await AdministeredService.StartAsync(("collector.yaml", yaml.ToString()));
        var address = await service.ListenAsync();
        var file = Path.Combine(service.Config, "subscription.xml");
        await File.WriteAllTextAsync(file, EventSender.Subscription(Name, "ann"));
        var created = await service.WecUtilAsync("cs", file);
        Assert.True(created.ExitCode == 0, created.Errors);
        var sender = new EventSender(address, "ann", AdministeredService.Password);
        return new Onward(service, sender, (await sender.SubscribeAsync(Name))!);
    }

    private sealed record Onward(AdministeredService Service, EventSender Sender, string Item) : IAsyncDisposable
    {
        public async Task SendAsync(int bookmark, params string[] events)
        {
            var (status, body) = await Sender.SendEventsAsync(Item, bookmark, events);
            Assert.True(status == 200, body);
        }

        public async ValueTask DisposeAsync()
        {
            Sender.Dispose();
            await Service.DisposeAsync();
        }
    }
}

using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;
using Farwire.Collector.Outputs;
using Farwire.Collector.Search;
using Farwire.Events.Queries;

namespace Farwire.Hosting.Collecting;

/// <summary>One output of <c>collector.yaml</c>.</summary>
internal static class OutputEntries
{
    private enum Kind
    {
        File,
        Syslog,
        Tcp,
        Http,
        Splunk,
        Elasticsearch,
        PostgreSql,
        RabbitMq,
        Collector,
    }

    // Name Type   Policy MaxLag BatchEvents MinRetry MaxRetry DeadLetterFile   Events: which ones   Format   and what the type needs
    public static (OutputOptions Options, Func<IEventOutput> Make) Read(YamlEntries entries)
    {
        var absent = new OutputOptions(entries.Need("Name"));
        var options = absent with
        {
            Policy = entries.Choice("Policy", absent.Policy),
            MaxLag = entries.Number("MaxLag", 0, long.MaxValue) ?? absent.MaxLag,
            BatchEvents = (int)(entries.Number("BatchEvents", 1, 10_000) ?? absent.BatchEvents),
            MinRetry = entries.Time("MinRetry") ?? absent.MinRetry,
            MaxRetry = entries.Time("MaxRetry") ?? absent.MaxRetry,
            DeadLetterFile = entries.Text("DeadLetterFile"),
            Events = entries.Part("Events") is { } events ? Search(events) : absent.Events,
        };
        var make = Maker(entries);
        entries.End();
        return (options, make);
    }

    private static Func<IEventOutput> Maker(YamlEntries entries)
    {
        switch (entries.Choice("Type", Kind.File))
        {
            case Kind.File:
                var (path, fileFormat, maxBytes) = (entries.Need("Path"), entries.Choice("Format", EventFormat.Json), entries.Bytes("MaxBytes") ?? 256L << 20);
                return () => new FileOutput(path, fileFormat, maxBytes);
            case Kind.Syslog:
                var receiver = Endpoint(entries, plain: 601, tls: 6514);
                var (syslogFormat, facility) = (entries.Choice("Format", EventFormat.Json), (int)(entries.Number("Facility", 0, 23) ?? 13));
                return () => new SyslogOutput(receiver, syslogFormat, facility);
            case Kind.Tcp:
                var peer = Endpoint(entries, plain: 5170, tls: 5171);
                var tcpFormat = entries.Choice("Format", EventFormat.Json);
                return () => new TcpOutput(peer, tcpFormat);
            case Kind.Http: return Http(entries, HttpShape.JsonLines);
            case Kind.Splunk: return Http(entries, HttpShape.SplunkHec);
            case Kind.Elasticsearch: return Http(entries, HttpShape.ElasticsearchBulk);
            case Kind.PostgreSql:
                var (connection, table) = (entries.Need("Connection"), entries.Text("Table") ?? "farwire_events");
                var password = entries.Text("PasswordFile") is { } passwordFile ? entries.Read(() => Secret(passwordFile)) : null;
                return entries.Read<Func<IEventOutput>>(() =>
                {
                    PostgreSqlOutput.Check(connection, table);
                    return () => new PostgreSqlOutput(connection, password, table);
                });
            case Kind.Collector: return Onward(entries);
            default:
                var address = entries.Read(() => new Uri(entries.Need("Address"), UriKind.Absolute));
                var secret = entries.Text("PasswordFile") is { } secretFile ? entries.Read(() => Secret(secretFile)) : null;
                var (exchange, key, queueFormat) = (entries.Text("Exchange") ?? "", entries.Text("RoutingKey") ?? "farwire.events", entries.Choice("Format", EventFormat.Json));
                return () => new RabbitMqOutput(address, secret, exchange, key, queueFormat);
        }
    }

    private static StreamEndpoint Endpoint(YamlEntries entries, int plain, int tls)
    {
        var isTls = entries.Flag("Tls");
        var authorities = entries.Text("Authorities") is { } file ? entries.Read(() => CollectorFile.Certificates(file)) : null;
        return new StreamEndpoint(entries.Need("Host"), (int)(entries.Number("Port", 1, 65535) ?? (isTls ? tls : plain)), isTls) { Authorities = authorities };
    }

    private static Func<IEventOutput> Http(YamlEntries entries, HttpShape shape)
    {
        var address = entries.Read(() => new Uri(entries.Need("Address"), UriKind.Absolute));
        var format = entries.Choice("Format", EventFormat.Ecs);
        var index = entries.Text("Index") ?? "logs-winlog-default";
        var authorities = entries.Text("Authorities") is { } file ? entries.Read(() => CollectorFile.Certificates(file)) : null;

        // "Splunk TOKEN", "ApiKey KEY", "Bearer TOKEN" or "Basic …", as the receiver wants it; from a file, so that it stands in no configuration.
        var authorization = entries.Text("AuthorizationFile") is { } secret ? entries.Read(() => Secret(secret)) : null;
        return () =>
        {
            var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
            if (authorities is not null)
            {
                handler.SslOptions.CertificateChainPolicy = PolicyOf(authorities);
            }

            var client = new HttpClient(handler);
            if (authorization is not null)
            {
                client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
            }

            return new HttpOutput(client, address, shape, format, index);
        };
    }

    // Without a user by Kerberos: the tickets of the service's account, or the key of a keytab.
    private static Func<IEventOutput> Onward(YamlEntries entries)
    {
        var (address, user) = (entries.Read(() => new Uri(entries.Need("Address"), UriKind.Absolute)), entries.Text("User"));
        var basic = entries.Flag("Basic");
        var options = new WSManConnectionOptions
        {
            Address = address,
            User = user,
            Password = entries.Text("PasswordFile") is { } file ? entries.Read(() => Secret(file)) : null,
            Authentication = user is null ? AuthenticationMethod.Kerberos : basic ? AuthenticationMethod.Basic : AuthenticationMethod.Negotiate,
            KerberosKeytab = entries.Text("Keytab"),
            AllowUnencrypted = basic && entries.Flag("AllowUnencrypted", address.IsLoopback),
            TrustedAuthorities = entries.Text("Authorities") is { } authorities ? entries.Read(() => CollectorFile.Certificates(authorities)) : null,
            SkipRevocationCheck = true,
        };
        var subscription = entries.Text("Subscription");
        return () => new CollectorOutput(options, subscription);
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static string Secret(string file) => File.ReadLines(file).FirstOrDefault() ?? "";

    private static EventSearch Search(YamlEntries entries)
    {
        var search = new EventSearch
        {
            Channel = entries.Text("Channel"),
            Computer = entries.Text("Computer"),
            Provider = entries.Text("Provider"),
            Source = entries.Text("Source"),
            Subscription = entries.Text("Subscription"),
            EventIds = Numbers(entries, "EventId"),
            Levels = Numbers(entries, "Level"),
            Text = entries.Text("Text"),
        };
        try
        {
            search = entries.Text("XPath") is { } xpath ? search with { Filter = EventFilter.Parse(xpath) } : search;
            search = entries.Text("Query") is { } query ? search with { Query = EventQuery.Parse(query) } : search;
        }
        catch (EventQueryException e)
        {
            throw entries.Wrong(e.Message);
        }

        entries.End();
        return search;
    }

    private static List<int> Numbers(YamlEntries entries, string name) =>
        [.. entries.Texts(name).Select(text => int.TryParse(text, out var number) ? number : throw entries.Wrong($"{name} is a number or a list of them."))];
}

using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Client.Connection;
using Farwire.Collector;
using Farwire.Collector.Initiated;
using Farwire.Collector.Nodes;
using Farwire.Collector.Outputs;
using Farwire.Collector.Store;
using Farwire.Hosting.Configuration;
using Farwire.Security.Accounts;
using Microsoft.Extensions.Logging;

namespace Farwire.Hosting.Collecting;

/// <summary><c>collector.yaml</c>: how the event collector keeps, listens and sends on.</summary>
/// <param name="Options">The collector's own.</param>
/// <param name="Listeners">Where the collector listens by itself, beside the edge of the management service.</param>
/// <param name="Outputs">Where events go on to.</param>
public sealed record CollectorFile(CollectorOptions Options, IReadOnlyList<Listener> Listeners, IReadOnlyList<(OutputOptions Options, Func<IEventOutput> Make)> Outputs)
{
    private const int DefaultPagePort = 5983;

    /// <summary>Where the page on events listens; null has none.</summary>
    public Listener? Page { get; init; }

    /// <summary>Reads the file; without one nothing is sent on and nothing is removed.</summary>
    /// <param name="path">The file; need not be there.</param>
    /// <param name="folder">Where subscriptions and events lie.</param>
    /// <exception cref="ConfigurationFileException">The file cannot be read or is wrong, with the line.</exception>
    public static CollectorFile Read(string path, string folder)
    {
        // PublicAddress   Subscriptions: folders   RetryAfter   MinRetry MaxRetry
        // Store:     MaxAge MaxBytes MinFreeBytes
        // Nodes:     Connection PasswordFile
        // Sources:   AllowUnencrypted TrustedHosts Authorities Keytab
        // Page:      Address Port Certificate
        // Listeners: - Address Port Certificate Balancers
        // Outputs:   - Name Type …
        var file = In(folder);
        if (YamlEntries.Open(path) is not { } root)
        {
            return file;
        }

        var options = file.Options;
        options = options with
        {
            PublicAddress = root.Text("PublicAddress") is { } address ? root.Read(() => new Uri(address, UriKind.Absolute)) : null,
            SubscriptionFolders = root.Texts("Subscriptions"),
            RetryAfter = root.Time("RetryAfter") ?? options.RetryAfter,
            MinRetry = root.Time("MinRetry") ?? options.MinRetry,
            MaxRetry = root.Time("MaxRetry") ?? options.MaxRetry,
            Store = root.Part("Store") is { } store ? StoreOf(store) : options.Store,
            Nodes = root.Part("Nodes") is { } nodes ? NodesOf(nodes) : null,
            Sources = root.Part("Sources") is { } sources ? SourcesOf(sources) : options.Sources,
        };
        var listeners = root.Parts("Listeners").Select(entry => ListenerOf(entry)).ToList();
        var page = root.Part("Page") is { } entries ? ListenerOf(entries, DefaultPagePort) : null;
        var outputs = root.Parts("Outputs").Select(OutputEntries.Read).ToList();
        root.End();
        return outputs.GroupBy(output => output.Options.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw root.Wrong($"two outputs are called '{twice.Key}'; the place in the store is kept under the name.")
            : new CollectorFile(options, listeners, outputs) { Page = page };
    }

    /// <summary>A collector in <paramref name="folder"/> that keeps everything and sends nothing on.</summary>
    public static CollectorFile In(string folder) => new(new CollectorOptions { Folder = folder }, [], []);

    /// <summary>Opens the collector with its outputs.</summary>
    /// <exception cref="IOException">Another process has it open, or the folder cannot be used.</exception>
    public EventCollector Open(ILoggerFactory? logs = null, SecretKey? key = null)
    {
        var collector = EventCollector.Open(Options with { Key = key }, loggers: logs);
        foreach (var (options, make) in Outputs)
        {
            collector.AddOutput(make(), options);
        }

        return collector;
    }

    private static EventStoreOptions StoreOf(YamlEntries entries)
    {
        var options = new EventStoreOptions { MaxAge = entries.Time("MaxAge"), MaxBytes = entries.Bytes("MaxBytes") };
        options = options with { MinFreeBytes = entries.Bytes("MinFreeBytes") ?? options.MinFreeBytes, SegmentBytes = entries.Bytes("SegmentBytes") ?? options.SegmentBytes };
        entries.End();
        return options;
    }

    private static NodeOptions NodesOf(YamlEntries entries)
    {
        var options = new NodeOptions(entries.Need("Connection")) { Password = entries.Text("PasswordFile") is { } file ? entries.Read(() => File.ReadLines(file).FirstOrDefault() ?? "") : null };
        entries.Read(() =>
        {
            options.Check();
            return true;
        });
        entries.End();
        return options;
    }

    private static SourceConnectionOptions SourcesOf(YamlEntries entries)
    {
        var options = new SourceConnectionOptions();
        options = options with
        {
            AllowUnencrypted = entries.Flag("AllowUnencrypted"),
            TrustedHosts = entries.Text("TrustedHosts") is { } hosts ? entries.Read(() => TrustedHosts.Parse(hosts)) : TrustedHosts.None,
            Authorities = entries.Text("Authorities") is { } file ? entries.Read(() => Certificates(file)) : null,
            MachineKeytab = entries.Text("Keytab") ?? options.MachineKeytab,
        };
        entries.End();
        return options;
    }

    // A page is for this machine unless it says otherwise.
    private static Listener ListenerOf(YamlEntries entries, int? pagePort = null)
    {
        var address = entries.Read(() => IPAddress.Parse(pagePort is null ? entries.Need("Address") : entries.Text("Address") ?? "127.0.0.1"));
        var port = (int)(entries.Number("Port", 0, 65535) ?? pagePort ?? 5985);
        var certificate = entries.Text("Certificate") is { } file ? entries.Read(() => SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file), Certificates(file), offline: true)) : null;
        var balancers = entries.Texts("Balancers").Select(text => entries.Read(() => text.Contains('/', StringComparison.Ordinal) ? IPNetwork.Parse(text) : Only(IPAddress.Parse(text)))).ToList();
        entries.End();
        return pagePort is not null && certificate is null && !IPAddress.IsLoopback(address)
            ? throw entries.Wrong($"a page at {address} would show passwords to the network: give it a Certificate, or leave it on 127.0.0.1.")
            : new Listener(new IPEndPoint(address, port)) { CertificateSource = certificate is null ? null : () => certificate, Balancers = balancers };

        static IPNetwork Only(IPAddress address) => new(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
    }

    internal static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new FormatException($"{file} holds no certificate in PEM.");
    }
}

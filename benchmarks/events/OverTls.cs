using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Collector.Sources;
using Farwire.Events.Subscriptions;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Benchmarks.Events;

/// <summary>The whole way: TLS, authentication, SLDC, UTF-16, envelope, events, store, acknowledgement. Sources and collector share the machine.</summary>
internal static class OverTls
{
    private const int Sources = 64;
    private const int BatchEvents = 50;
    private const int Pool = 20;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(string[] samples)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-bench-").FullName;
        using var certificate = Certificate();
        await using (var collector = EventCollector.Open(new CollectorOptions { Folder = folder }))
        {
            collector.Subscriptions.Put(new SubscriptionDefinition
            {
                Id = "bench",
                Type = SubscriptionType.SourceInitiated,
                Query = "<QueryList><Query Path=\"System\"><Select>*</Select></Query></QueryList>",
                AllowedPrincipals = ["*"],
            });
            var catalog = new ResourceCatalog();
            collector.AddTo(catalog);
            await using var dispatcher = new Dispatcher(catalog);
            var users = UserStore.InMemory();
            for (var i = 0; i < Sources; i++)
            {
                users.Put(new StoredUser($"src{i}", "", PasswordHash.Of("secret", 1000)));
            }

            await using var server = await WSManServer.StartAsync(
                [new Listener(new IPEndPoint(IPAddress.Loopback, 0), certificate)],
                dispatcher,
                [new BasicScheme(users, TimeProvider.System)],
                new WSManEdgeOptions { DeliveryPaths = EventCollector.Paths, ContentCodings = [new SldcCoding()] });
            var address = new Uri($"{server.Addresses[0]}/subscriptions/{SubscriptionVersion.Identifier("bench")}");
            foreach (var packed in new[] { true, false })
            {
                await MeasureAsync(collector, address, certificate, samples, packed);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task MeasureAsync(EventCollector collector, Uri address, X509Certificate2 certificate, string[] samples, bool packed)
    {
        // One more body than a source sends twice in a row: no batch is taken for the one before.
        var bodies = Enumerable.Range(0, Pool).Select(i => Batches.Utf16(Batches.Envelope(address.ToString(), [.. samples.Skip(i * 20).Take(BatchEvents)], i)))
            .Select(body => packed ? Batches.Packed(body) : body).ToArray();
        var before = collector.Store.Events;
        var times = new List<double>[Sources];
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Sources).Select(source => Task.Run(async () =>
        {
            times[source] = [];
            using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, c, _, _) => c?.GetCertHashString() == certificate.GetCertHashString() } };
            using var client = new HttpClient(handler);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"src{source}:secret")));
            for (var i = source; clock.Elapsed < Duration; i++)
            {
                using var content = new ByteArrayContent(bodies[i % Pool]);
                content.Headers.TryAddWithoutValidation("Content-Type", "application/soap+xml;charset=UTF-16");
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.PostAsync(address, content);
                answer.EnsureSuccessStatusCode();
                times[source].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = times.SelectMany(t => t).Order().ToArray();
        var busy = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / seconds;
        Console.WriteLine($"{$"TLS, {(packed ? "SLDC, " : "")}UTF-16, {Sources} sources, batches of {BatchEvents}",-55} {(collector.Store.Events - before) / seconds,12:#,0} events/s, Ack p50 {all[all.Length / 2]:0} ms, p99 {all[(int)(all.Length * 0.99)]:0} ms, {busy:0.0} processors busy, {(collector.Store.Events - before) / seconds / busy:#,0} events a second of processor time, {bodies.Average(b => b.Length):#,0} bytes a batch");
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

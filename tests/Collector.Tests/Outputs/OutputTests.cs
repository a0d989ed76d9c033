using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Farwire.Collector.Outputs;
using Farwire.Collector.Store;
using Farwire.Collector.Tests.Sources;
using Farwire.Service.Dispatch;
using Farwire.TestKit;

namespace Farwire.Collector.Tests.Outputs;

public sealed class OutputTests
{
    [Fact]
    public async Task A_file_gets_each_event_once_over_a_restart_and_full_files_make_room()
    {
        await using var place = new TemporaryStore();
        var file = Path.Combine(place.Folder, "out.jsonl");
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1), Sample.Event(2)));
        await using (var first = new OutputRunner(place.Store, new FileOutput(file), new OutputOptions("file")))
        {
            await UntilAsync(() => first.Lag == 0);
        }

        await place.ReopenAsync();
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(3)));
        await using (var second = new OutputRunner(place.Store, new FileOutput(file, maxBytes: 1), new OutputOptions("file")))
        {
            await UntilAsync(() => second.Lag == 0);
            Assert.Equal(1, second.Sent);
        }

        var full = Directory.GetFiles(place.Folder, "out-*.jsonl").Single();
        Assert.False(File.Exists(file));
        Assert.Equal([1, 2, 3], File.ReadLines(full).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("System").GetProperty("EventID").GetInt32()));
    }

    [Fact]
    public async Task Syslog_counts_its_octets_and_tells_severity_time_and_machine()
    {
        await using var place = new TemporaryStore();
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(4624, computer: "s\u00fcd 1", data: "\u00e4\nb")));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var runner = new OutputRunner(place.Store, new SyslogOutput(new StreamEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, IsTls: false), EventFormat.Xml), new OutputOptions("syslog"));

        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var length = "";
        for (var c = stream.ReadByte(); c != ' '; c = stream.ReadByte())
        {
            length += (char)c;
        }

        var message = new byte[int.Parse(length)];
        await stream.ReadExactlyAsync(message);
        var text = Encoding.UTF8.GetString(message);

        Assert.StartsWith("<110>1 2026-01-10T09:00:00.000000Z s_d_1 Test - 4624 - \uFEFF<Event ", text, StringComparison.Ordinal); // audit, informational
        Assert.Contains(">\u00e4 b</Data>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_has_the_shapes_of_its_receivers()
    {
        await using var place = new TemporaryStore();
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(4624), Sample.Event(4625)));
        var bodies = new Dictionary<HttpShape, string>();
        foreach (var shape in Enum.GetValues<HttpShape>())
        {
            var receiver = new Receiver((_, body) =>
            {
                bodies[shape] = body;
                return Answer(200, """{"errors":false,"items":[]}""");
            });
            await using var runner = new OutputRunner(place.Store, new HttpOutput(new HttpClient(receiver), new Uri("http://siem/"), shape), new OutputOptions(shape.ToString()));
            await UntilAsync(() => runner.Lag == 0);
        }

        static JsonElement[] Lines(string body) => [.. body.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["4624", "4625"], Lines(bodies[HttpShape.JsonLines]).Select(e => e.GetProperty("event").GetProperty("code").GetString()!));
        var splunk = Lines(bodies[HttpShape.SplunkHec])[0];
        Assert.Equal(1768035600m, splunk.GetProperty("time").GetDecimal());
        Assert.Equal(("src01", "WinEventLog:Security", "x"), (splunk.GetProperty("host").GetString(), splunk.GetProperty("source").GetString(), splunk.GetProperty("event").GetProperty("winlog").GetProperty("event_data").GetProperty("text").GetString()));
        var bulk = Lines(bodies[HttpShape.ElasticsearchBulk]);
        Assert.Equal(4, bulk.Length);
        Assert.Equal("logs-winlog-default", bulk[2].GetProperty("create").GetProperty("_index").GetString());
        Assert.Equal("4625", bulk[3].GetProperty("winlog").GetProperty("event_id").GetString());
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_the_same_again_and_what_it_will_never_take_is_buried()
    {
        var time = new ManualTime();
        await using var place = new TemporaryStore(time: time);
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1), Sample.Event(2)));
        var calls = 0;
        var receiver = new Receiver((_, _) => ++calls < 3
            ? Answer(503, "")
            : Answer(200, """{"errors":true,"items":[{"create":{"status":400,"error":{"type":"mapper"}}},{"create":{"status":201}}]}"""));
        var grave = Path.Combine(place.Folder, "dead.jsonl");
        await using var runner = new OutputRunner(
            place.Store, new HttpOutput(new HttpClient(receiver), new Uri("http://siem/"), HttpShape.ElasticsearchBulk), new OutputOptions("es") { DeadLetterFile = grave }, time);

        for (var failure = 1; failure <= 2; failure++)
        {
            await UntilAsync(() => calls == failure && runner.LastError is not null);
            Assert.Contains("503", runner.LastError, StringComparison.Ordinal);
            await AdvanceUntilAsync(time, () => calls > failure);
        }

        await UntilAsync(() => runner.Lag == 0);
        Assert.Null(runner.LastError);
        Assert.Equal((1, 1), (runner.Sent, runner.DeadLetters));
        Assert.Contains("mapper", JsonDocument.Parse(File.ReadLines(grave).Single()).RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lag_that_is_too_long_drops_the_oldest_or_makes_sources_wait()
    {
        var time = new ManualTime();
        await using var place = new TemporaryStore(time: time);
        var up = false;
        var bodies = new List<string>();
        var receiver = new Receiver((_, body) =>
        {
            if (!up)
            {
                return Answer(500, "");
            }

            bodies.Add(body);
            return Answer(200, "");
        });
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(1)));
        await using var runner = new OutputRunner(
            place.Store, new HttpOutput(new HttpClient(receiver), new Uri("http://siem/")), new OutputOptions("drop") { Policy = OutputPolicy.DropOldest, MaxLag = 2 }, time);
        await UntilAsync(() => runner.LastError is not null);
        await place.Store.AppendAsync(Sample.Batch("a", Sample.Event(2), Sample.Event(3), Sample.Event(4)));
        up = true;
        await AdvanceUntilAsync(time, () => runner.Lag == 0);

        Assert.Equal(2, runner.Dropped);
        Assert.Equal(["3", "4"], bodies.SelectMany(b => b.TrimEnd().Split('\n')).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetProperty("code").GetString()!));

        await using var collector = new RunningCollector();
        collector.Subscribe("Base");
        var source = collector.Source();
        var item = (await source.EnumerateAsync())[0];
        (await source.EventsAsync(item, "1", Sample.Event(1).Xml))!.Dispose();
        var blocked = collector.Collector.AddOutput(new HttpOutput(new HttpClient(new Receiver((_, _) => Answer(500, ""))), new Uri("http://siem/")), new OutputOptions("block") { Policy = OutputPolicy.Block, MaxLag = 0 });
        Assert.True(blocked.IsBlocking);
        await Assert.ThrowsAsync<ServiceBusyException>(() => source.EventsAsync(item, "2", Sample.Event(2).Xml));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    // The output begins to wait at a moment of its own: the clock moves until it has noticed.
    private static Task AdvanceUntilAsync(ManualTime time, Func<bool> holds) => UntilAsync(() =>
    {
        time.Advance(TimeSpan.FromSeconds(2));
        return holds();
    });

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body) };

    private sealed class Receiver(Func<HttpRequestMessage, string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer(request, await request.Content!.ReadAsStringAsync(cancellationToken));
    }
}

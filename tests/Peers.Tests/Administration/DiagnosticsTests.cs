using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Farwire.Peers.Tests.Administration;

/// <summary>What the built service tells of itself: its log read by jq, its measurements by the parser of Prometheus' own client, its messages by curl.</summary>
public sealed class DiagnosticsTests
{
    private const string Secret = "s3cret-of-alice";

    [Fact]
    [Trait("Feature", "SVC-18")]
    public async Task The_log_is_structured_the_measurements_count_and_the_trace_shows_messages_without_secrets()
    {
        Commands.Need("/usr/bin/jq");
        Commands.Need("/usr/bin/curl");
        Assert.SkipUnless((await Commands.RunAsync("/usr/bin/python3", ["-c", "import prometheus_client"])).ExitCode == 0, "python3-prometheus-client is not installed");
        var local = LoopbackPort.Free();
        await using var service = await AdministeredService.StartWithAsync(["--log-level", "debug", "--log-format", "json", "--loopback-port", local.ToString(CultureInfo.InvariantCulture)]);
        var address = await service.ListenAsync();
        await using var trace = await TraceAsync(service);

        var mapping = $"winrm/config/service/certmapping?URI=*+Subject=alice@example.com+Issuer={new string('A', 40)}";
        await service.AskAsync("create", mapping, $"@{{UserName=\"alice\";Password=\"{Secret}\"}}");
        Assert.Equal(401, (await new Curl(address, "ann:wrong").SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Status);
        Assert.Equal("5", (await new Curl(address, $"bob:{AdministeredService.Password}").SendAsync(Soap.Get(Soap.Microsoft + "/config"))).Code);

        var measured = await Commands.RunAsync("/usr/bin/python3", ["-c", """
            import sys, urllib.request
            from prometheus_client.parser import text_string_to_metric_families
            text = urllib.request.urlopen("http://127.0.0.1:" + sys.argv[1] + "/metrics").read().decode()
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    print(family.type, sample.name, sorted(sample.labels.items()), sample.value)
            """, local.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(measured.ExitCode == 0, measured.Errors);
        Assert.Contains("counter farwire_authentications_total [('outcome', 'accepted'), ('scheme', 'Basic')] 1.0\n", measured.Output, StringComparison.Ordinal);
        Assert.Contains("counter farwire_authentications_total [('outcome', 'refused'), ('scheme', 'Basic')] 1.0\n", measured.Output, StringComparison.Ordinal);
        Assert.Contains("histogram farwire_request_duration_seconds_count [('fault', '5'), ('operation', 'Get')] 1.0\n", measured.Output, StringComparison.Ordinal);
        Assert.Contains("histogram farwire_request_duration_seconds_count [('fault', '0'), ('operation', 'Create')] 2.0\n", measured.Output, StringComparison.Ordinal);
        Assert.Contains("gauge farwire_listeners_open [] 1.0\n", measured.Output, StringComparison.Ordinal);

        var shown = await trace.UntilAsync("/transfer/CreateResponse");
        Assert.All(shown, line => Assert.Contains("Envelope", JsonDocument.Parse(line).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal));
        Assert.Contains(shown, line => line.Contains(":UserName>alice<", StringComparison.Ordinal) && line.Contains($":Password>({Secret.Length} characters)<", StringComparison.Ordinal));
        Assert.DoesNotContain(shown, line => line.Contains(Secret, StringComparison.Ordinal));

        var entries = service.Log.Split('\n').Where(line => line.StartsWith('{'));
        var read = await Commands.RunAsync("/usr/bin/jq", ["-r", "[.Category, .EventId, .LogLevel, .State.Direction // .State.User // \"\"] | @tsv"], System.Text.Encoding.UTF8.GetBytes(string.Join('\n', entries)));
        Assert.True(read.ExitCode == 0, read.Errors);
        Assert.Contains("Farwire.Soap\t1705\tDebug\trequest\n", read.Output, StringComparison.Ordinal);
        Assert.Contains("Farwire.Service.Dispatch.Dispatcher\t1010\tInformation\tbob\n", read.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measurements_and_traces_go_by_OTLP_to_where_the_environment_says()
    {
        var folder = Directory.CreateTempSubdirectory("farwire-otlp-").FullName;
        using var collector = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", """
            import http.server, sys
            class Collector(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    with open(sys.argv[1] + self.path.replace("/", "-"), "ab") as kept: kept.write(body)
                    self.send_response(200); self.end_headers()
                def log_message(self, *words): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
            print(server.server_port, flush=True)
            server.serve_forever()
            """, folder + "/got"]) { RedirectStandardOutput = true })!;
        try
        {
            var port = await collector.StandardOutput.ReadLineAsync();
            await using var service = await AdministeredService.StartWithAsync(new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            });
            await service.AskAsync("get", "winrm/config/winrs");

            await AdministeredService.UntilAsync(() => Task.FromResult(
                Got("metrics").Contains("farwire.request.duration", StringComparison.Ordinal) && Got("traces").Contains("wsman.resource_uri", StringComparison.Ordinal)));

            Assert.Contains("Farwire.Service", Got("metrics"), StringComparison.Ordinal);
            Assert.Contains(Soap.Microsoft + "/config/winrs", Got("traces"), StringComparison.Ordinal);
        }
        finally
        {
            collector.Kill();
            await collector.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }

        // Names and values stand in protobuf as they are.
        string Got(string what) => File.Exists($"{folder}/got-v1-{what}") ? System.Text.Encoding.Latin1.GetString(File.ReadAllBytes($"{folder}/got-v1-{what}")) : "";
    }

    [Fact]
    public async Task The_trace_is_for_administrators_and_what_programs_hear_and_say_is_left_out()
    {
        await using var service = await AdministeredService.StartAsync();
        var address = await service.ListenAsync();
        Commands.Need("/usr/bin/setpriv");
        var nobody = await Commands.RunAsync("/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", service.Socket, "http://localhost/trace"]);
        Assert.Equal("403", nobody.Output);
        await using var trace = await TraceAsync(service);

        var ran = await Commands.RunAsync(
            "env", ["FARWIRE_PASSWORD=" + AdministeredService.Password, RunningService.Program("farwire"), "winrs", $"-r:{address}", "-u:ann", "-auth:basic", "-un", "-env:TOKEN=t0ken-of-ann", "echo spoken-$TOKEN"]);
        Assert.True(ran.Output == "spoken-t0ken-of-ann\n", ran.Errors);

        var shown = string.Concat(await trace.UntilAsync("/transfer/DeleteResponse"));
        Assert.Contains("CommandId", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken-of-ann", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("spoken", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("spoken-t0ken-of-ann\n"u8), shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_names_the_listener_that_something_keeps_closed()
    {
        await using var service = await AdministeredService.StartAsync();
        Assert.StartsWith("{\"status\":\"ok\"", (await HealthAsync(service, 0)).Output, StringComparison.Ordinal);
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();

        var taken = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        await service.AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP", $"@{{Port=\"{taken}\"}}");

        var health = JsonDocument.Parse((await HealthAsync(service, 1)).Output).RootElement;
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("in use", health.GetProperty("listeners")[0].GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-18")]
    public async Task SoapTraceEnabled_is_refused_by_name_with_what_does_it_here_as_the_decision_says()
    {
        await using var service = await AdministeredService.StartAsync();

        foreach (var section in (string[])["", "/client", "/service"])
        {
            var name = section.Length == 0 ? "Config" : char.ToUpperInvariant(section[1]) + section[2..];
            var uri = Soap.Microsoft + "/config" + section;
            var answer = await service.CurlAsync(Soap.Message(Soap.Transfer + "/Put", uri, $"<c:{name} xmlns:c=\"{uri}\"><c:SoapTraceEnabled>true</c:SoapTraceEnabled></c:{name}>"));
            Assert.Contains("Code=\"2150858773\"", answer, StringComparison.Ordinal); // 0x80338015
            Assert.Contains("SoapTraceEnabled is no setting here: &apos;farwired trace&apos; shows messages", answer.Replace("'", "&apos;", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        Assert.Contains("SoapTraceEnabled", (await service.WinRmAsync("set", "winrm/config/client", "@{SoapTraceEnabled=\"true\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("`SoapTraceEnabled`", await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "decisions", "0050-configuration.md")), StringComparison.Ordinal);
    }

    private static async Task<Outcome> HealthAsync(AdministeredService service, int exitCode)
    {
        var outcome = await Commands.RunAsync(RunningService.Program("farwired"), ["health", "--socket", service.Socket]);
        Assert.True(outcome.ExitCode == exitCode, outcome.Errors + outcome.Output);
        return outcome;
    }

    // Its first message is one of ours, asked for until it is seen: then everything that follows is seen too.
    private static async Task<Trace> TraceAsync(AdministeredService service)
    {
        var trace = new Trace(Process.Start(new ProcessStartInfo(RunningService.Program("farwired"), ["trace", "--socket", service.Socket]) { RedirectStandardOutput = true })!);
        await AdministeredService.UntilAsync(async () =>
        {
            await service.AskAsync("get", "winrm/config/winrs");
            return trace.HasBegun;
        });
        return trace;
    }

    private sealed class Trace(Process process) : IAsyncDisposable
    {
        private Task<string?> _next = process.StandardOutput.ReadLineAsync();

        public bool HasBegun => _next.IsCompleted;

        public async Task<IReadOnlyList<string>> UntilAsync(string text)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var lines = new List<string>();
            do
            {
                lines.Add(await _next.WaitAsync(patience.Token) ?? throw new InvalidOperationException("The trace ended."));
                _next = process.StandardOutput.ReadLineAsync();
            }
            while (!lines[^1].Contains(text, StringComparison.Ordinal));
            return lines;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}

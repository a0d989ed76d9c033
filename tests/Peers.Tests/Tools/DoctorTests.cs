using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Farwire.Peers.Tests.Tools;

/// <summary>farwire doctor in front of servers that are broken on purpose: each must be found at its stage, with its cause and what helps.</summary>
public sealed class DoctorTests(RunningService service) : IDisposable
{
    private const string Soap = "Content-Type: application/soap+xml;charset=UTF-8\r\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-doctor-").FullName;

    [Fact]
    public async Task A_healthy_service_is_walked_to_its_quotas()
    {
        var outcome = await FarwireAsync("doctor", "--connect", service.ConnectionFile);
        var stages = await StagesAsync("--connect", service.ConnectionFile);

        Assert.Equal(0, outcome.ExitCode);
        Assert.DoesNotContain("\u2717", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\u2713 shell           A command ran: hostname says ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["name", "route", "tcp", "tls", "http", "clock", "schemes", "authentication", "authorization", "shell", "quotas"],
            stages.Select(stage => stage.Stage));
        Assert.DoesNotContain(stages, stage => stage.Health is "failed" or "skipped");
    }

    [Fact]
    public async Task An_unknown_name()
    {
        var last = await LastAsync("nowhere.invalid");

        Assert.Equal(("name", 69), (last.Stage, last.ExitCode));
        Assert.Contains("'nowhere.invalid' is not known", last.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_names_the_command_that_makes_a_listener()
    {
        var last = await LastAsync("https://127.0.0.1:1");

        Assert.Equal(("tcp", 69), (last.Stage, last.ExitCode));
        Assert.Contains("No listener is configured", last.Cause, StringComparison.Ordinal);
        Assert.Contains("winrm quickconfig -transport:https", last.There);
    }

    [Fact]
    public async Task A_black_hole_is_a_firewall_or_the_public_profile()
    {
        // A queue that is full lets no further connection in, and says nothing.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var waiting = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        waiting.ForEach(socket => _ = socket.ConnectAsync(listener.LocalEndPoint!));

        var last = await LastAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
        waiting.ForEach(socket => socket.Dispose());

        Assert.Equal(("tcp", 69), (last.Stage, last.ExitCode));
        Assert.Contains("does not answer within", last.Message, StringComparison.Ordinal);
        Assert.Contains("public network profile", last.Cause, StringComparison.Ordinal);
        Assert.Contains("Set-NetConnectionProfile -NetworkCategory Private", last.There);
    }

    [Fact]
    public async Task Plain_HTTP_on_the_port_for_TLS_and_the_reverse()
    {
        using var plain = new CannedServer(CannedServer.Http("401 Unauthorized"));
        var tls = await LastAsync($"https://127.0.0.1:{plain.Port}");
        var http = await LastAsync("http://" + new Uri(service.Https).Authority);

        Assert.Equal(("tls", 69), (tls.Stage, tls.ExitCode));
        Assert.Contains("speaks plain HTTP", tls.Message, StringComparison.Ordinal);
        Assert.Contains($"farwire doctor http://127.0.0.1:{plain.Port}", tls.Here);
        Assert.Equal(("http", 69), (http.Stage, http.ExitCode));
        Assert.Contains("speaks TLS", http.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_by_itself_for_another_name_or_expired()
    {
        var now = DateTimeOffset.UtcNow;
        using var ours = CannedServer.Certificate("localhost", now.AddDays(-1), now.AddDays(90));
        using var other = CannedServer.Certificate("other.example.org", now.AddDays(-1), now.AddDays(90));
        using var old = CannedServer.Certificate("localhost", now.AddDays(-90), now.AddDays(-1));
        var found = new List<Found>();
        foreach (var (certificate, isTrusted) in new[] { (ours, false), (other, true), (old, true) })
        {
            using var server = new CannedServer(CannedServer.Http("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n"), certificate);
            var authority = Path.Combine(_folder, "ca.pem");
            await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem());
            found.Add(await LastAsync([$"https://localhost:{server.Port}", .. isTrusted ? (string[])["--ca", authority] : []]));
        }

        Assert.All(found, f => Assert.Equal(("tls", 69), (f.Stage, f.ExitCode)));
        Assert.Contains("signed by itself", found[0].Cause, StringComparison.Ordinal);
        Assert.Contains(found[0].Here, line => line.StartsWith("--pin " + Convert.ToHexStringLower(ours.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256)), StringComparison.Ordinal));
        Assert.Contains("'other.example.org', not for 'localhost'", found[1].Message, StringComparison.Ordinal);
        Assert.Contains("expired", found[2].Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_pin()
    {
        var last = await LastAsync(service.Https, "--pin", new string('0', 64));

        Assert.Equal(("tls", 69), (last.Stage, last.ExitCode));
        Assert.Contains("somebody is in between", last.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_are_not_WinRM()
    {
        var html = await LastAsync(CannedServer.Http("200 OK", "Content-Type: text/html\r\n", "<html>hello</html>"));
        var nothing = await LastAsync(CannedServer.Http("404 Not Found", "Content-Type: text/html\r\n", "<html/>"));
        var cut = await LastAsync("HTTP/1.1 200 OK\r\n" + Soap + "Content-Length: 500\r\n\r\n<s:Envelope");
        var elsewhere = await LastAsync(CannedServer.Http("302 Found", "Location: https://elsewhere.example.org/wsman\r\n"));
        var down = await LastAsync(CannedServer.Http("503 Service Unavailable"));
        var refusing = await LastAsync(CannedServer.Http("401 Unauthorized"));

        Assert.Equal(("http", 69, "A web server answers, not WinRM: the port is wrong, or a proxy shows a page."), (html.Stage, html.ExitCode, html.Cause));
        Assert.Contains("URLPrefix", nothing.Cause, StringComparison.Ordinal);
        Assert.Contains("cut off", cut.Cause, StringComparison.Ordinal);
        Assert.Contains("farwire doctor https://elsewhere.example.org/wsman", elsewhere.Here);
        Assert.Contains("Start-Service WinRM", down.There);
        Assert.Equal(("schemes", 77), (refusing.Stage, refusing.ExitCode));
        Assert.Contains("winrm get winrm/config/service/auth", refusing.There);

        static async Task<Found> LastAsync(string answer)
        {
            using var server = new CannedServer(answer);
            return await DoctorTests.LastAsync($"http://127.0.0.1:{server.Port}");
        }
    }

    [Fact]
    public async Task A_wrong_clock_is_told_though_the_walk_goes_on()
    {
        using var server = new CannedServer(CannedServer.Http("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n", date: DateTimeOffset.UtcNow.AddHours(1)));
        var stages = await StagesAsync($"http://127.0.0.1:{server.Port}");

        var clock = stages.Single(stage => stage.Stage == "clock");
        Assert.Equal("warning", clock.Health);
        Assert.Contains("ahead", clock.Message, StringComparison.Ordinal);
        Assert.Contains("w32tm /resync", clock.There);
    }

    [Fact]
    public async Task What_is_refused_at_the_proof_of_the_user()
    {
        using var negotiateOnly = new CannedServer(CannedServer.Http("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n"));
        var basicOff = await LastAsync($"http://127.0.0.1:{negotiateOnly.Port}", "-u", "ann", "--auth", "basic", "--unencrypted");
        var clear = await LastAsync(service.Http, "-u", "ann", "--auth", "basic");
        var untrusted = await LastAsync("http://127.0.0.2:" + new Uri(service.Http).Port, "-u", "ann", "--auth", "negotiate");
        var byAddress = await LastAsync(service.Https.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), "--auth", "kerberos", "--pin", service.CertificateSha256);
        var wrong = await LastAsync(service.Https, "-u", "ann", "--auth", "basic", "--pin", service.CertificateSha256);

        Assert.All([basicOff, clear, byAddress, wrong], found => Assert.Equal(("authentication", 77), (found.Stage, found.ExitCode)));
        Assert.Contains("Basic is switched off on the service; it offers Negotiate", basicOff.Cause, StringComparison.Ordinal);
        Assert.Contains("winrm set winrm/config/service/auth '@{Basic=\"true\"}'", basicOff.There);
        Assert.Contains("AllowUnencrypted is off", clear.Cause, StringComparison.Ordinal);
        Assert.Contains("IP address", byAddress.Cause, StringComparison.Ordinal);
        Assert.Contains("User or password are wrong", wrong.Cause, StringComparison.Ordinal);
        Assert.True(untrusted.Stage is "tcp" || untrusted.Cause.Contains("TrustedHosts", StringComparison.Ordinal), untrusted.Cause);
    }

    [Fact]
    public async Task Waiting_ends_when_the_service_is_there_and_says_each_stage_once()
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var number = ((IPEndPoint)port.LocalEndpoint).Port;
        port.Stop();
        var waiting = FarwireAsync("wait", $"http://127.0.0.1:{number}", "--for", "http", "--deadline", "60");
        await Task.WhenAny(waiting, Task.Delay(1500)); // so long nobody listens
        Assert.False(waiting.IsCompleted);
        using var late = new CannedServer(CannedServer.Http("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n"), port: number);

        var outcome = await waiting;

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["name", "route", "tcp", "http"], outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]));
        Assert.Equal("", outcome.Output);
    }

    [Fact]
    public async Task Waiting_ends_with_the_reason_at_the_deadline_or_before_an_account_is_locked()
    {
        var ready = await FarwireAsync("wait", "--connect", service.ConnectionFile);
        var never = await FarwireAsync("wait", "https://127.0.0.1:1", "--for", "tcp", "--deadline", "1", "-q");
        var refused = await FarwireAsync("wait", service.Https, "-u", "ann", "--auth", "basic", "--pin", service.CertificateSha256, "-q");
        var nobody = await FarwireAsync("wait", service.Https, "--pin", service.CertificateSha256, "-q");

        Assert.Equal(0, ready.ExitCode);
        Assert.Equal(124, never.ExitCode);
        Assert.Matches("^farwire wait: not ready within 1 s .+refuses connections.+\n$", never.Errors);
        Assert.Equal(77, refused.ExitCode);
        Assert.Contains("User or password are wrong", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(64, nobody.ExitCode);
    }

    [Theory]
    [InlineData("doctor", "a", "b")]
    [InlineData("doctor", "-H", "a,b")]
    [InlineData("doctor", "-u", "ann")]
    [InlineData("doctor", "a", "--for", "tcp")]
    [InlineData("wait", "a", "--for", "love")]
    [InlineData("wait", "a", "--deadline", "soon")]
    public async Task Wrong_use_is_one_line_and_64(params string[] words)
    {
        var outcome = await FarwireAsync(words);

        Assert.Equal(64, outcome.ExitCode);
        Assert.Matches($"^farwire {words[0]}: .+\nTry 'farwire {words[0]} --help'.\n$", outcome.Errors);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<Outcome> FarwireAsync(params string[] words) => Commands.RunAsync("env", ["FARWIRE_PASSWORD=wrong", "KRB5CCNAME=/nowhere", RunningService.Program("farwire"), .. words]);

    private static async Task<Found> LastAsync(params string[] words) => (await StagesAsync(words))[^1];

    private static async Task<IReadOnlyList<Found>> StagesAsync(params string[] words)
    {
        var outcome = await FarwireAsync(["doctor", .. words, "--json"]);
        var found = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Found.Read(line, outcome.ExitCode)).ToList();
        Assert.True(found.Count > 0, outcome.Errors);
        return found;
    }

    private sealed record Found(string Stage, string Health, string Message, string Cause, IReadOnlyList<string> Here, IReadOnlyList<string> There, int ExitCode)
    {
        public static Found Read(string line, int exitCode)
        {
            var json = JsonDocument.Parse(line).RootElement;
            return new Found(
                json.GetProperty("stage").GetString()!, json.GetProperty("health").GetString()!, json.GetProperty("message").GetString()!, json.GetProperty("cause").GetString() ?? "",
                [.. json.GetProperty("here").EnumerateArray().Select(e => e.GetString()!)], [.. json.GetProperty("there").EnumerateArray().Select(e => e.GetString()!)], exitCode);
        }
    }
}

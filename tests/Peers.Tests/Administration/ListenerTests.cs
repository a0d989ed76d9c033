using System.Globalization;
using System.Text.RegularExpressions;

namespace Farwire.Peers.Tests.Administration;

/// <summary>Listeners of the built service, made with winrm and met with curl.</summary>
public sealed partial class ListenerTests
{
    [Fact]
    [Trait("Feature", "SVC-02")]
    [Trait("Feature", "SVC-03")]
    [Trait("Feature", "CFG-01")]
    public async Task Without_a_listener_nothing_is_open_and_winrm_works_on_the_machine_itself()
    {
        await using var service = await AdministeredService.StartAsync();

        Assert.Equal("", await service.AskAsync("e", "winrm/config/listener"));
        Assert.StartsWith("Config\n    MaxEnvelopeSizekb = 500\n    MaxTimeoutms = 60000\n", await service.AskAsync("get", "winrm/config"), StringComparison.Ordinal);

        var held = (await Commands.RunAsync("ls", ["-l", $"/proc/{service.ProcessId}/fd"])).Output;
        var network = string.Concat(((string[])["tcp", "tcp6"]).Select(table => File.ReadAllText($"/proc/net/{table}")));
        Assert.All(Sockets().Matches(held), socket => Assert.DoesNotContain($" {socket.Groups[1].Value} ", network, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "SVC-04")]
    [Trait("Feature", "SVC-08")]
    [Trait("Feature", "SVC-09")]
    [Trait("Feature", "CFG-08")]
    [Trait("Feature", "CFG-09")]
    public async Task A_listener_answers_at_its_address_port_and_path_alone_until_it_is_switched_off()
    {
        await using var service = await AdministeredService.StartAsync();
        var port = LoopbackPort.Free();
        const string listener = "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP";

        var created = await service.AskAsync("create", listener, $"@{{Port=\"{port}\";URLPrefix=\"mgmt/api\"}}");
        Assert.Contains("Selector: Address = IP:127.0.0.1, Transport = HTTP", created, StringComparison.Ordinal);
        Assert.Equal(401, await StatusAsync($"http://127.0.0.1:{port}/mgmt/api"));
        Assert.Equal(404, await StatusAsync($"http://127.0.0.1:{port}/wsman"));
        Assert.Equal(0, await StatusAsync($"http://127.0.0.2:{port}/mgmt/api"));
        Assert.Contains("    ListeningOn = 127.0.0.1\n", await service.AskAsync("get", listener), StringComparison.Ordinal);
        Assert.Contains("Address = IP:127.0.0.1, Transport = HTTP", await service.AskAsync("e", "winrm/config/listener", "-returntype:epr"), StringComparison.Ordinal);
        Assert.Contains("0x80338033", (await service.WinRmAsync("create", listener, "@{Port=\"5985\"}")).Output + (await service.WinRmAsync("create", listener, "@{Port=\"5985\"}")).Errors, StringComparison.Ordinal);
        Assert.Contains("0x8033813F", (await service.WinRmAsync("set", listener, "@{ListeningOn=\"10.0.0.1\"}")).Errors, StringComparison.Ordinal);

        await service.AskAsync("set", listener, "@{Enabled=\"false\"}");
        Assert.Equal(0, await StatusAsync($"http://127.0.0.1:{port}/mgmt/api"));
        Assert.Contains("    Enabled = false\n", await service.AskAsync("e", "winrm/config/listener"), StringComparison.Ordinal);

        await service.AskAsync("set", listener, "@{Enabled=\"true\"}");
        Assert.Equal(401, await StatusAsync($"http://127.0.0.1:{port}/mgmt/api"));

        await service.AskAsync("delete", listener);
        Assert.Equal(0, await StatusAsync($"http://127.0.0.1:{port}/mgmt/api"));
    }

    [Fact]
    [Trait("Feature", "SVC-05")]
    public async Task HTTPS_shows_the_certificate_of_its_thumbprint_or_of_its_host_name_and_a_renewed_one_at_once()
    {
        Commands.Need("/usr/bin/openssl");
        await using var service = await AdministeredService.StartAsync();
        var first = await CertificateAsync(service, "one", "one.example.com");
        await CertificateAsync(service, "two", "two.example.com");
        var port = LoopbackPort.Free();

        var missing = await service.WinRmAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTPS", $"@{{Port=\"{port}\";Hostname=\"three.example.com\"}}");
        Assert.Contains("0x80338115", missing.Errors, StringComparison.Ordinal);

        await service.AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTPS", $"@{{Port=\"{port}\";Hostname=\"two.example.com\"}}");
        Assert.Contains("two.example.com", await SubjectAsync(port), StringComparison.Ordinal);

        await service.AskAsync("set", "winrm/config/listener?Address=IP:127.0.0.1+Transport=HTTPS", $"@{{Hostname=\"one.example.com\";CertificateThumbprint=\"{first}\"}}");
        Assert.Contains("one.example.com", await SubjectAsync(port), StringComparison.Ordinal);

        await service.AskAsync("set", "winrm/config/listener?Address=IP:127.0.0.1+Transport=HTTPS", "@{CertificateThumbprint=\"\";Hostname=\"two.example.com\"}");
        var renewed = await CertificateAsync(service, "two-renewed", "two.example.com", days: 900);
        await AdministeredService.UntilAsync(async () => await FingerprintAsync(port) == renewed);
    }

    [Fact]
    [Trait("Feature", "SVC-06")]
    public async Task Without_a_thumbprint_the_certificate_of_the_host_name_is_shown_and_without_one_there_is_no_listener()
    {
        Commands.Need("/usr/bin/openssl");
        await using var service = await AdministeredService.StartAsync();
        var (named, own) = (LoopbackPort.Free(), LoopbackPort.Free());
        const string one = "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTPS", two = "winrm/config/Listener?Address=IP:127.0.0.2+Transport=HTTPS";

        // None, or none that would do: the fault says why of each.
        await RefusedAsync("has no usable certificate for 'box.example.com'");
        await CertificateAsync(service, "other", "other.example.com");
        await CertificateAsync(service, "keyless", "box.example.com");
        File.Delete(Path.Combine(service.Config, "certificates", "keyless.key"));
        Expired(service, "expired", "box.example.com");
        service.Write("certificates/broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        foreach (var why in (string[])["broken.pem: ", "expired.pem: expired on 20", "keyless.pem: without its private key", "other.pem: made for another name"])
        {
            await RefusedAsync(why);
        }

        // The one whose common name it is, and of two the one that is valid longer; and for a listener without a host name the machine's.
        await CertificateAsync(service, "box", "box.example.com", days: 20, alternativeNames: false);
        await service.AskAsync("create", one, $"@{{Port=\"{named}\";Hostname=\"box.example.com\"}}");
        Assert.Contains("CN = box.example.com", await SubjectAsync(named), StringComparison.Ordinal);
        Assert.Contains("no   certificate", await CheckAsync(service), StringComparison.Ordinal);
        await AdministeredService.UntilAsync(() => Task.FromResult(service.Log.Contains("shows a certificate that ends on", StringComparison.Ordinal)));
        var longer = await CertificateAsync(service, "box-longer", "box.example.com", days: 200, alternativeNames: false);
        await AdministeredService.UntilAsync(async () => await FingerprintAsync(named) == longer);
        await CertificateAsync(service, "machine", Environment.MachineName);
        await service.AskAsync("create", two, $"@{{Port=\"{own}\"}}");
        Assert.Contains($"CN = {Environment.MachineName}", await SubjectAsync(own, "127.0.0.2"), StringComparison.Ordinal);

        async Task RefusedAsync(string why)
        {
            var refused = await service.WinRmAsync("create", one, $"@{{Port=\"{named}\";Hostname=\"box.example.com\"}}");
            Assert.Contains("0x80338115", refused.Errors, StringComparison.Ordinal);
            Assert.Contains(why, refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_certificates_between_the_listeners_and_the_authority_are_shown_too()
    {
        Commands.Need("/usr/bin/openssl");
        await using var service = await AdministeredService.StartAsync();
        var port = LoopbackPort.Free();
        var made = await Commands.RunAsync("sh", ["-ec", $"""
            cd {service.State} && mkdir -p {service.Config}/certificates
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -keyout root.key -out root.pem -subj /CN=root -addext basicConstraints=critical,CA:TRUE
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -keyout between.key -out between.pem -subj /CN=between -addext basicConstraints=critical,CA:TRUE -CA root.pem -CAkey root.key
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 -keyout leaf.key -out leaf.pem -subj /CN=box.example.com -addext subjectAltName=DNS:box.example.com -CA between.pem -CAkey between.key
            cp leaf.key {service.Config}/certificates/box.key && cat leaf.pem between.pem > {service.Config}/certificates/box.pem
            """]);
        Assert.True(made.ExitCode == 0, made.Errors);
        await service.AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTPS", $"@{{Port=\"{port}\";Hostname=\"box.example.com\"}}");

        var verified = await Commands.RunAsync("openssl", ["s_client", "-connect", $"127.0.0.1:{port}", "-CAfile", Path.Combine(service.State, "root.pem"), "-verify_return_error"]);

        Assert.Contains("Verify return code: 0 (ok)", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "SVC-07")]
    public async Task Each_form_of_address_binds_what_it_names_and_nothing_else()
    {
        await using var service = await AdministeredService.StartIsolatedAsync();
        var cards = await service.InsideAsync("sh", "-c", """
            echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad && echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad &&
            ip link add v0 type veth peer name v1 && ip link set v0 address 02:00:00:00:00:07 && ip addr add 10.77.0.1/24 dev v0 && ip addr add 10.78.0.1/24 dev v1 &&
            ip addr add fd00:77::1/64 dev v0 nodad && ip link set v0 up && ip link set v1 up
            """);
        Assert.SkipUnless(cards.ExitCode == 0, "no network cards of one's own are allowed here: " + cards.Errors);
        string[] all = ["10.77.0.1", "10.78.0.1", "127.0.0.1", "[fd00:77::1]", "[::1]"];

        await HoldsAsync("IP:10.77.0.1", 5001, "10.77.0.1");
        await HoldsAsync("IP:fd00:77::1", 5002, "[fd00:77::1]");
        await HoldsAsync("MAC:02-00-00-00-00-07", 5003, "10.77.0.1", "[fd00:77::1]");
        await HoldsAsync("*", 5004, all);

        async Task HoldsAsync(string address, int port, params string[] bound)
        {
            await service.AskAsync("create", $"winrm/config/Listener?Address={address}+Transport=HTTP", $"@{{Port=\"{port}\"}}");
            var answering = new List<string>();
            foreach (var one in all)
            {
                if (await StatusAsync($"http://{one}:{port}/wsman", "nsenter", "-n", "-t", service.ProcessId.ToString(CultureInfo.InvariantCulture)) == 401)
                {
                    answering.Add(one);
                }
            }

            Assert.Equal(bound, answering);
            var listeningOn = ListeningOn().Match(await service.AskAsync("get", $"winrm/config/Listener?Address={address}+Transport=HTTP")).Groups[1].Value;
            Assert.All(bound, one => Assert.Contains(one.Trim('[', ']'), listeningOn.Split(", ")));
        }
    }

    [Theory]
    [InlineData("MAC:02-00-00-00-00-07", "10.77.0.1")]
    [InlineData("IP:fd00:77::1", null)]
    [Trait("Feature", "SVC-07")]
    public async Task An_address_that_is_not_ready_yet_keeps_no_other_waiting_and_is_listened_at_when_it_is(string address, string? ready)
    {
        await using var service = await AdministeredService.StartIsolatedAsync();
        string[] inside = ["nsenter", "-n", "-t", service.ProcessId.ToString(CultureInfo.InvariantCulture)];

        // The card has nobody at its other end: the address stays tentative until the other card is up, and then for as long as the kernel asks.
        var cards = await service.InsideAsync("sh", "-c", """
            ip link add v0 type veth peer name v1 && echo 1 > /proc/sys/net/ipv6/conf/v0/dad_transmits &&
            ip link set v0 address 02:00:00:00:00:07 && ip addr add 10.77.0.1/24 dev v0 && ip link set v0 up && ip addr add fd00:77::1/64 dev v0
            """);
        Assert.SkipUnless(cards.ExitCode == 0, "no network cards of one's own are allowed here: " + cards.Errors);

        await service.AskAsync("create", $"winrm/config/Listener?Address={address}+Transport=HTTP", "@{Port=\"5003\"}");
        if (ready is not null)
        {
            Assert.Equal(401, await StatusAsync($"http://{ready}:5003/wsman", inside));
        }

        Assert.Equal(0, await StatusAsync("http://[fd00:77::1]:5003/wsman", inside));
        Assert.DoesNotContain("fd00:77::1", ListeningOn().Match(await service.AskAsync("e", "winrm/config/listener")).Groups[1].Value, StringComparison.Ordinal);

        Assert.Equal(0, (await service.InsideAsync("ip", "link", "set", "v1", "up")).ExitCode);
        await AdministeredService.UntilAsync(async () => await StatusAsync("http://[fd00:77::1]:5003/wsman", inside) == 401);
        Assert.Contains("fd00:77::1", ListeningOn().Match(await service.AskAsync("e", "winrm/config/listener")).Groups[1].Value, StringComparison.Ordinal);
        if (ready is not null)
        {
            Assert.Equal(401, await StatusAsync($"http://{ready}:5003/wsman", inside));
        }
    }

    [Fact]
    public async Task A_thousand_changes_of_listeners_cost_no_request_and_leave_nothing_behind()
    {
        const int changes = 1000;
        await using var service = await AdministeredService.StartAsync();
        var address = await service.ListenAsync();
        using var administrator = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, _) => await ConnectAsync(service.Socket) });
        var port = LoopbackPort.Free();
        const string uri = Soap.Microsoft + "/config/listener";
        var keys = Soap.Selectors(("Address", "IP:127.0.0.3"), ("Transport", "HTTP"));
        var create = Soap.Message(Soap.Transfer + "/Create", uri, $"<c:Listener xmlns:c=\"{uri}\"><c:Port>{port}</c:Port></c:Listener>", keys);
        var delete = Soap.Message(Soap.Transfer + "/Delete", uri, "", keys);
        await ChangeAsync(create);
        await ChangeAsync(delete);
        var before = Directory.GetFiles($"/proc/{service.ProcessId}/fd").Length;

        var answered = 0;
        using var end = new CancellationTokenSource();
        var traffic = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ann:{AdministeredService.Password}")));
            while (!end.IsCancellationRequested)
            {
                using var answer = await client.PostAsync(address, Message(Soap.Get(Soap.Microsoft + "/config/winrs")));
                Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
                Interlocked.Increment(ref answered);
            }
        })).ToArray();
        for (var i = 0; i < changes; i += 2)
        {
            await ChangeAsync(create);
            await ChangeAsync(delete);
        }

        await end.CancelAsync();
        await Task.WhenAll(traffic);

        Assert.True(answered > 0);
        await AdministeredService.UntilAsync(() => Task.FromResult(Directory.GetFiles($"/proc/{service.ProcessId}/fd").Length < before + 20));
        Assert.Equal(0, await StatusAsync($"http://127.0.0.3:{port}/wsman"));
        Assert.Equal(401, await StatusAsync(address));

        async Task ChangeAsync(string message)
        {
            using var answer = await administrator.PostAsync("http://localhost/wsman", Message(message));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        static StringContent Message(string text) => new(text, System.Text.Encoding.UTF8, "application/soap+xml");

        static async Task<Stream> ConnectAsync(string path)
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        }
    }

    [Fact]
    [Trait("Feature", "SVC-11")]
    public async Task Compatibility_listeners_answer_at_the_ports_of_the_web_too()
    {
        Commands.Need("/usr/bin/openssl");
        await using var service = await AdministeredService.StartIsolatedAsync();
        await CertificateAsync(service, "box", "box.example.com");
        await service.AskAsync("create", "winrm/config/Listener?Address=*+Transport=HTTP", "@{Enabled=\"true\"}");
        await service.AskAsync("create", "winrm/config/Listener?Address=*+Transport=HTTPS", "@{Hostname=\"box.example.com\"}");
        Assert.Equal("401 401 0 0", await StatusesAsync());

        await service.AskAsync("set", "winrm/config/service", "@{EnableCompatibilityHttpListener=\"true\";EnableCompatibilityHttpsListener=\"true\"}");
        Assert.Equal("401 401 401 401", await StatusesAsync());

        await service.AskAsync("set", "winrm/config/service", "@{EnableCompatibilityHttpListener=\"false\";EnableCompatibilityHttpsListener=\"false\"}");
        Assert.Equal("401 401 0 0", await StatusesAsync());

        async Task<string> StatusesAsync()
        {
            var statuses = new List<int>();
            foreach (var address in (string[])["http://127.0.0.1:5985", "https://127.0.0.1:5986", "http://127.0.0.1:80", "https://127.0.0.1:443"])
            {
                statuses.Add(await StatusAsync($"{address}/wsman", "nsenter", "-n", "-t", service.ProcessId.ToString(CultureInfo.InvariantCulture)));
            }

            return string.Join(' ', statuses);
        }
    }

    [Fact]
    [Trait("Feature", "SVC-10")]
    public async Task Filters_restrict_what_a_listener_on_all_addresses_means()
    {
        await using var service = await AdministeredService.StartIsolatedAsync(("farwired.yaml", "Service:\n  IPv4Filter: 127.0.0.1-127.0.0.9\n  IPv6Filter: \"\"\n"));
        string[] inside = ["nsenter", "-n", "-t", service.ProcessId.ToString(CultureInfo.InvariantCulture)];

        await service.AskAsync("create", "winrm/config/Listener?Address=*+Transport=HTTP", "@{Enabled=\"true\"}");
        Assert.Equal(401, await StatusAsync("http://127.0.0.1:5985/wsman", inside));
        Assert.Equal(0, await StatusAsync("http://[::1]:5985/wsman", inside));
        Assert.Equal("127.0.0.1", ListeningOn().Match(await service.AskAsync("e", "winrm/config/listener")).Groups[1].Value);

        await service.AskAsync("set", "winrm/config/service", "@{IPv4Filter=\"\"}");
        Assert.Equal(0, await StatusAsync("http://127.0.0.1:5985/wsman", inside));
    }

    private static async Task<string> CertificateAsync(AdministeredService service, string file, string name, int days = 60, bool alternativeNames = true)
    {
        var folder = Directory.CreateDirectory(Path.Combine(service.Config, "certificates")).FullName;
        var (certificate, key) = (Path.Combine(folder, file + ".pem"), Path.Combine(folder, file + ".key"));
        var made = await Commands.RunAsync(
            "/usr/bin/openssl",
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days.ToString(CultureInfo.InvariantCulture), "-subj", "/CN=" + name, .. alternativeNames ? new[] { "-addext", "subjectAltName=DNS:" + name } : [], "-keyout", key, "-out", certificate]);
        Assert.True(made.ExitCode == 0, made.Errors);
        return Fingerprint((await Commands.RunAsync("/usr/bin/openssl", ["x509", "-in", certificate, "-noout", "-fingerprint", "-sha1"])).Output);
    }

    private static async Task<string> FingerprintAsync(int port) =>
        Fingerprint((await Commands.RunAsync("sh", ["-c", $"openssl s_client -connect 127.0.0.1:{port} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha1"])).Output);

    private static void Expired(AdministeredService service, string file, string name)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=" + name, key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10));
        service.Write($"certificates/{file}.key", key.ExportPkcs8PrivateKeyPem());
        service.Write($"certificates/{file}.pem", certificate.ExportCertificatePem());
    }

    private static async Task<string> CheckAsync(AdministeredService service) =>
        (await Commands.RunAsync(RunningService.Program("farwired"), ["check", "--config-dir", service.Config, "--state-dir", service.State, "--socket", service.Socket])).Output;

    private static async Task<string> SubjectAsync(int port, string address = "127.0.0.1") =>
        (await Commands.RunAsync("sh", ["-c", $"openssl s_client -connect {address}:{port} </dev/null 2>/dev/null | openssl x509 -noout -subject"])).Output;

    private static string Fingerprint(string line) => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Replace(":", "", StringComparison.Ordinal).Trim();

    private static async Task<int> StatusAsync(string address, params string[] runner)
    {
        Commands.Need("/usr/bin/curl");
        string[] words = [.. runner, "/usr/bin/curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", address];
        return int.Parse((await Commands.RunAsync(words[0], words[1..])).Output, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"ListeningOn = (.+)\n")]
    private static partial Regex ListeningOn();

    [GeneratedRegex(@"socket:\[([0-9]+)\]")]
    private static partial Regex Sockets();
}

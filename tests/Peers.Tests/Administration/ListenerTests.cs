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
        var port = AdministeredService.FreePort();
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
        var port = AdministeredService.FreePort();

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

    private static async Task<string> CertificateAsync(AdministeredService service, string file, string name, int days = 30)
    {
        var folder = Directory.CreateDirectory(Path.Combine(service.Config, "certificates")).FullName;
        var (certificate, key) = (Path.Combine(folder, file + ".pem"), Path.Combine(folder, file + ".key"));
        var made = await Commands.RunAsync(
            "/usr/bin/openssl",
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days.ToString(CultureInfo.InvariantCulture), "-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:" + name, "-keyout", key, "-out", certificate]);
        Assert.True(made.ExitCode == 0, made.Errors);
        return Fingerprint((await Commands.RunAsync("/usr/bin/openssl", ["x509", "-in", certificate, "-noout", "-fingerprint", "-sha1"])).Output);
    }

    private static async Task<string> FingerprintAsync(int port) =>
        Fingerprint((await Commands.RunAsync("sh", ["-c", $"openssl s_client -connect 127.0.0.1:{port} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha1"])).Output);

    private static async Task<string> SubjectAsync(int port) =>
        (await Commands.RunAsync("sh", ["-c", $"openssl s_client -connect 127.0.0.1:{port} </dev/null 2>/dev/null | openssl x509 -noout -subject"])).Output;

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

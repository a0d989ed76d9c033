namespace Farwire.Peers.Tests.Security;

/// <summary>The built winrm through proxies that others wrote: squid, which opens ways, and haproxy, which may mix connections up.</summary>
public sealed class ProxyTests(RunningService service, KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Realm = "proxy";
    private const string User = "pat";
    private const string Password = "pr0xy";

    [Theory]
    [InlineData("none", 0)]
    [InlineData("basic", 0)]
    [InlineData("digest", 0)]
    [InlineData("negotiate", 0)]
    [InlineData("basic", 1, "wrong")]
    [InlineData("digest", 1, "wrong")]
    [Trait("Feature", "AUT-18")]
    public async Task Squid_opens_a_way_for_whom_it_knows(string method, int exitCode, string password = Password)
    {
        await using var squid = await SquidAsync(method);

        var outcome = await GetAsync(
            service.Https, [$"--proxy=http://localhost:{squid.Port}", .. method == "none" ? Array.Empty<string>() : ["-proxyauthentication:" + method, .. method == "negotiate" ? [] : new[] { "-proxyusername:" + User }]], password);

        Assert.True(exitCode == outcome.ExitCode, outcome.Errors);
        Assert.Equal(exitCode == 1, outcome.Errors.Contains($"The proxy http://localhost:{squid.Port}/ wants to know who you are, and did not take what it was told by", StringComparison.Ordinal));
        Assert.True(exitCode == 1 || await TunnelledAsync(squid));
        Assert.DoesNotContain(password, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-18")]
    public async Task Without_a_proof_the_proxy_is_named_as_the_one_that_wants_it()
    {
        await using var squid = await SquidAsync("basic");

        var outcome = await GetAsync(service.Https, [$"--proxy=http://localhost:{squid.Port}"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"The proxy http://localhost:{squid.Port}/ wants to know who you are.", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-18")]
    public async Task Nobody_proves_himself_to_a_proxy_over_HTTP()
    {
        await using var squid = await SquidAsync("basic");

        var outcome = await GetAsync(service.Http, [$"--proxy=http://localhost:{squid.Port}", "-proxyauthentication:basic", "-proxyusername:" + User]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("0x803381B1", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("Authentication at a proxy goes with https", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("TCP_", squid.Read("access.log"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("127.0.0.1", null, false)]
    [InlineData(null, "-proxyaccess:no_proxy", false)]
    [InlineData(null, "-proxyaccess:auto_detect", true)]
    [Trait("Feature", "AUT-18")]
    public async Task The_environment_names_the_proxy_unless_told_otherwise(string? except, string? access, bool isUsed)
    {
        await using var squid = await SquidAsync("none");

        var outcome = await GetAsync(
            service.Https, access is null ? [] : [access], variables: [$"HTTPS_PROXY=http://localhost:{squid.Port}", "NO_PROXY=" + except]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(isUsed, isUsed ? await TunnelledAsync(squid) : squid.Read("access.log").Contains("TCP_", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "AUT-18")]
    public async Task Sealed_messages_go_through_a_proxy_that_keeps_connections()
    {
        await using var haproxy = await HaproxyAsync("option http-keep-alive", "http-reuse never");

        var outcome = await GetAsync(service.Http, [$"--proxy=http://localhost:{haproxy.Port}"]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    [Fact]
    [Trait("Feature", "AUT-18")]
    public async Task A_proxy_that_drops_connections_between_the_legs_is_named_and_nothing_is_tried_for_ever()
    {
        await using var haproxy = await HaproxyAsync("option http-server-close", "http-reuse never");

        var outcome = await GetAsync(service.Http, [$"--proxy=http://localhost:{haproxy.Port}"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"or the proxy http://localhost:{haproxy.Port}/ does not keep its connection to the service", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example.org/wsman", "0x80338199")]
    [InlineData("", "0x803381AA")]
    [Trait("Feature", "PRO-29")]
    public async Task A_redirect_is_told_and_not_followed(string location, string number)
    {
        await using var lighttpd = await Daemon.StartAsync("/usr/sbin/lighttpd", async (folder, port) =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "lighttpd.conf"), location.Length > 0
                ? $$"""
                    server.modules = ("mod_redirect")
                    server.document-root = "{{folder}}"
                    server.bind = "127.0.0.1"
                    server.port = {{port}}
                    url.redirect = ("" => "{{location}}")
                    url.redirect-code = 302

                    """
                : $$"""
                    server.modules = ("mod_cgi")
                    server.document-root = "{{folder}}"
                    server.bind = "127.0.0.1"
                    server.port = {{port}}
                    cgi.assign = ("wsman" => "/bin/sh")

                    """);
            await File.WriteAllTextAsync(Path.Combine(folder, "wsman"), "printf 'Status: 302 Found\\r\\n\\r\\n'\n");
            return ["-D", "-f", Path.Combine(folder, "lighttpd.conf")];
        });

        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "id", $"-r:http://127.0.0.1:{lighttpd.Port}", "-a:none", "-unencrypted"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(number, outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(location, outcome.Errors, StringComparison.Ordinal);
    }

    // Squid writes its line after the way is closed.
    private static async Task<bool> TunnelledAsync(Daemon squid)
    {
        while (!squid.Read("access.log").Contains("TCP_TUNNEL/200", StringComparison.Ordinal))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return true;
    }

    private async Task<Outcome> GetAsync(string address, string[] switches, string password = Password, string[]? variables = null) => await Commands.RunAsync(
        "/usr/bin/env",
        [
            .. realm.Client.Select(v => $"{v.Key}={v.Value}"), "FARWIRE_PASSWORD=" + service.Password, "FARWIRE_PROXY_PASSWORD=" + password, .. variables ?? [],
            RunningService.Program("farwire"), "winrm", "get", "wmicimv2/Win32_OperatingSystem", "-r:" + address, "-u:" + service.User, .. switches,
            .. address.StartsWith("https", StringComparison.Ordinal) ? new[] { "--pin", service.CertificateSha256 } : [],
        ]);

    private async Task<Daemon> SquidAsync(string method)
    {
        if (method == "negotiate")
        {
            realm.Need();
        }

        return await Squid.StartAsync(async folder =>
        {
            var basic = await Squid.BasicAsync(folder, User, Password);
            var ha1 = (await Commands.RunAsync("md5sum", [], System.Text.Encoding.UTF8.GetBytes($"{User}:{Realm}:{Password}"))).Output.Split(' ')[0];
            await File.WriteAllTextAsync(Path.Combine(folder, "digest"), $"{User}:{Realm}:{ha1}\n");
            if (method == "negotiate")
            {
                File.Copy(realm.Keytab, Path.Combine(folder, "keytab"));
                await Commands.RunAsync("chmod", ["644", Path.Combine(folder, "keytab")]);
            }

            return method switch
            {
                "basic" => $"{basic}\nauth_param basic realm {Realm}\n{Squid.KnownOnly}",
                "digest" => $"auth_param digest program /usr/lib/squid/digest_file_auth -c {folder}/digest\nauth_param digest realm {Realm}\n{Squid.KnownOnly}",
                "negotiate" => $"auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth -k {folder}/keytab -s HTTP/localhost@{KerberosRealm.Name}\n{Squid.KnownOnly}",
                "none" => "http_access allow all",
                _ => Squid.KnownOnly,
            };
        });
    }

    private Task<Daemon> HaproxyAsync(params string[] options) => Daemon.StartAsync("/usr/sbin/haproxy", async (folder, port) =>
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "haproxy.cfg"), $"""
            defaults
              mode http
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            frontend in
              bind 127.0.0.1:{port}
              default_backend service
            backend service
              {string.Join("\n  ", options)}
              server one {new Uri(service.Http).Authority}

            """);
        return ["-db", "-f", Path.Combine(folder, "haproxy.cfg")];
    });
}

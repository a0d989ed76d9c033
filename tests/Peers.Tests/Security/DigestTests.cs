using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>Digest: our client against services of others that offer nothing else, and clients of others against ours where it stands in for a management controller.</summary>
public sealed partial class DigestTests : IAsyncDisposable
{
    private const string Answer =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body><i:IdentifyResponse xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\">"
        + "<i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Theirs</i:ProductVendor><i:ProductVersion>1</i:ProductVersion></i:IdentifyResponse></s:Body></s:Envelope>";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "farwire-bmc-" + Guid.NewGuid().ToString("N"));
    private System.Diagnostics.Process? _endpoint;

    [Theory]
    [InlineData("MD5", "secret", 0)]
    [InlineData("SHA-256", "secret", 0)]
    [InlineData("SHA-256", "wrong", 1)]
    [Trait("Feature", "AUT-02")]
    public async Task Our_client_proves_itself_by_Digest(string algorithm, string password, int exitCode)
    {
        await using var server = await LighttpdAsync(algorithm);

        var outcome = await WinRmAsync(password, "id", $"-r:http://127.0.0.1:{server.Port}", "-a:digest", "-u:ann", "-unencrypted");

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(exitCode == 0 ? "ProductVendor = Theirs" : "refused the user name or the password (Digest)", outcome.Output + outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-02")]
    public async Task The_service_has_no_Digest_to_switch_on()
    {
        await using var service = await AdministeredService.StartAsync();
        var address = await service.ListenAsync();

        Assert.DoesNotContain("Digest", await service.AskAsync("get", "winrm/config/service/auth"), StringComparison.Ordinal);
        var set = await service.WinRmAsync("set", "winrm/config/service/auth", "@{Digest=\"true\"}");
        Assert.Equal(1, set.ExitCode);
        Assert.Contains("Auth has no property 'Digest'", set.Errors, StringComparison.Ordinal);
        var put = await service.CurlAsync(Soap.Message(
            Soap.Transfer + "/Put", Soap.Microsoft + "/config/service/auth", $"<cfg:Auth xmlns:cfg=\"{Soap.Microsoft}/config/service/auth\"><cfg:Digest>true</cfg:Digest></cfg:Auth>"));
        Assert.Contains("<s:Fault>", put, StringComparison.Ordinal);
        Assert.Contains("Digest", put, StringComparison.Ordinal);
        Assert.DoesNotContain("Digest", (await Commands.RunAsync("/usr/bin/curl", ["-si", "-X", "POST", address])).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-02")]
    [Trait("Feature", "IPM-10")]
    public async Task A_stand_in_for_a_management_controller_offers_Digest_and_serves_hardware_alone()
    {
        var (address, user, password) = await EndpointAsync();
        Commands.Need("/usr/bin/curl");

        // 1. What is on offer. 2. curl, by SHA-256; a wrong password. 3. requests, by MD5. 4. Our client.
        var offer = (await Commands.RunAsync("/usr/bin/curl", ["-si", "-X", "POST", address])).Output;
        Assert.Contains("WWW-Authenticate: Digest realm=\"WSMAN\", qop=\"auth\", algorithm=SHA-256, nonce=", offer, StringComparison.Ordinal);
        Assert.Contains("algorithm=MD5", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("Negotiate", offer, StringComparison.Ordinal);

        Assert.Equal("200", await CurlAsync(address, user, password, NtlmTests.Identify));
        Assert.Equal("401", await CurlAsync(address, user, "wrong", NtlmTests.Identify));
        Assert.Equal("401", await CurlAsync(address, "nobody", password, NtlmTests.Identify));

        await Python.NeedAsync("requests", "python3-requests");
        var md5 = await Python.RunAsync("digest_md5.py", [address, user, password], new Dictionary<string, string>());
        Assert.True(md5.ExitCode == 0, md5.Errors);

        var ours = await WinRmAsync(password, "id", "-r:" + address, "-a:digest", "-u:" + user, "-unencrypted");
        Assert.True(ours.ExitCode == 0, ours.Errors);
        Assert.Contains("/secprofile/http/digest", ours.Output, StringComparison.Ordinal);

        // 5. No shells, no processes, no configuration.
        foreach (var resource in (string[])["wmicimv2/Win32_Process", "shell", "winrm/config"])
        {
            var other = await WinRmAsync(password, "e", resource, "-r:" + address, "-a:digest", "-u:" + user, "-unencrypted");
            Assert.Equal(1, other.ExitCode);
        }
    }

    [Fact]
    [Trait("Feature", "AUT-02")]
    public async Task A_header_of_Digest_counts_once()
    {
        var (address, user, password) = await EndpointAsync();
        Commands.Need("/usr/bin/curl");
        var told = (await Commands.RunAsync("/usr/bin/curl", ["-sv", "-o", "/dev/null", "--digest", "-u", $"{user}:{password}", "-H", "Content-Type: application/soap+xml", "--data-binary", NtlmTests.Identify, address])).Errors;
        var header = Sent().Match(told).Groups[1].Value.Trim();
        Assert.StartsWith("Digest username=", header, StringComparison.Ordinal);

        var again = await Commands.RunAsync("/usr/bin/curl", ["-si", "-H", "Authorization: " + header, "-H", "Content-Type: application/soap+xml", "--data-binary", NtlmTests.Identify, address]);

        // Who has the header alone is told to begin anew, and cannot.
        Assert.StartsWith("HTTP/1.1 401", again.Output, StringComparison.Ordinal);
        Assert.Contains("stale=true", again.Output, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await Commands.RunAsync("kill", [_endpoint.Id.ToString(CultureInfo.InvariantCulture)]);
            await _endpoint.WaitForExitAsync();
            _endpoint.Dispose();
        }
    }

    private static Task<Outcome> WinRmAsync(string password, params string[] words) =>
        Commands.RunAsync("/usr/bin/env", ["FARWIRE_PASSWORD=" + password, RunningService.Program("farwire"), "winrm", .. words]);

    private static async Task<string> CurlAsync(string address, string user, string password, string message) => (await Commands.RunAsync(
        "/usr/bin/curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--digest", "-u", $"{user}:{password}", "-H", "Content-Type: application/soap+xml", "--data-binary", message, address])).Output;

    private async Task<(string Address, string User, string Password)> EndpointAsync()
    {
        _endpoint = System.Diagnostics.Process.Start(RunningService.Program("farwired"), ["run", "--ephemeral", _folder, "--bmc-endpoint"]);
        var file = Path.Combine(_folder, "connection.json");
        await AdministeredService.UntilAsync(() => Task.FromResult(File.Exists(file)));
        var connection = JsonDocument.Parse(await File.ReadAllBytesAsync(file)).RootElement;
        return (connection.GetProperty("http").GetString()!, connection.GetProperty("user").GetString()!, connection.GetProperty("password").GetString()!);
    }

    private static Task<Daemon> LighttpdAsync(string algorithm) => Daemon.StartAsync("/usr/sbin/lighttpd", async (folder, port) =>
    {
        Directory.CreateDirectory(Path.Combine(folder, "www"));
        await File.WriteAllTextAsync(Path.Combine(folder, "www", "wsman"), $"#!/bin/sh\ncat > /dev/null\nprintf 'Content-Type: application/soap+xml;charset=UTF-8\\r\\n\\r\\n%s' '{Answer}'\n");
        var hash = (await Commands.RunAsync(algorithm == "MD5" ? "md5sum" : "sha256sum", [], "ann:realm:secret"u8.ToArray())).Output.Split(' ')[0];
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"ann:realm:{hash}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "lighttpd.conf"), $$"""
            server.modules = ("mod_auth", "mod_authn_file", "mod_cgi")
            server.document-root = "{{folder}}/www"
            server.bind = "127.0.0.1"
            server.port = {{port}}
            cgi.assign = ("wsman" => "/bin/sh")
            auth.backend = "htdigest"
            auth.backend.htdigest.userfile = "{{folder}}/users"
            auth.require = ("" => ("method" => "digest", "algorithm" => "{{algorithm}}", "realm" => "realm", "require" => "valid-user"))

            """);
        return ["-D", "-f", Path.Combine(folder, "lighttpd.conf")];
    });

    [GeneratedRegex("> Authorization: ([^\r\n]+)")]
    private static partial Regex Sent();
}

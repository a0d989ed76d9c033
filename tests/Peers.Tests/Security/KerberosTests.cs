using Farwire.Security.Kerberos;
using Farwire.Security.Spnego;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>Kerberos with MIT's KDC and clients that others wrote.</summary>
public sealed class KerberosTests(KerberosRealm realm) : IClassFixture<KerberosRealm>, IAsyncLifetime
{
    private RunningService? _service;

    public async ValueTask InitializeAsync()
    {
        realm.Need();
        _service = await realm.FarwiredAsync();
    }

    [Theory]
    [InlineData("krb5", "Kerberos", 1000)]
    [InlineData("krb5", "Negotiate", 20)]
    [InlineData("spnego", "Negotiate", 20)]
    [Trait("Feature", "AUT-04")]
    [Trait("Feature", "PRO-27")]
    public async Task MIT_Kerberos_exchanges_sealed_messages_on_one_connection(string mechanism, string scheme, int count)
    {
        await Python.NeedGssapiAsync(ntlm: false);

        var answer = await Python.AskAsync(
            new { host = "localhost", port = Port, mech = mechanism, scheme, body = NtlmTests.Identify, count }, realm.Client);

        Assert.Equal(count, answer.GetProperty("answers").GetInt32());
        Assert.Equal("1.2.840.113554.1.2.2", answer.GetProperty("mech").GetString());
        Assert.Contains("<wsmid:ProductVendor>Farwire<", answer.GetProperty("last").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-04")]
    public async Task Pywinrm_runs_commands()
    {
        await Python.NeedAsync("requests_kerberos", "python3-requests-kerberos");

        var outcome = await Python.RunAsync("pywinrm_run.py", [_service!.Http.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "", "", "kerberos", "never"], realm.Client);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    [Fact]
    [Trait("Feature", "AUT-04")]
    public async Task Curl_proves_itself_by_Negotiate()
    {
        Commands.Need("/usr/bin/curl");
        string[] curl =
        [
            "/usr/bin/curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--negotiate", "-u", ":", "-H", "Content-Type: application/soap+xml",
            "--data-binary", NtlmTests.Identify, $"http://localhost:{Port}/wsman",
        ];

        Assert.Equal("200", (await Commands.RunAsync("/usr/bin/env", [.. realm.Client.Select(v => $"{v.Key}={v.Value}"), .. curl])).Output);
    }

    [Fact]
    [Trait("Feature", "AUT-04")]
    public async Task A_principal_without_an_account_here_is_refused()
    {
        await Python.NeedGssapiAsync(ntlm: false);
        var stranger = new Dictionary<string, string>(realm.Client) { ["KRB5CCNAME"] = await realm.KinitAsync(KerberosRealm.Stranger) };

        var answer = await Python.AskAsync(new { host = "localhost", port = Port, mech = "krb5", scheme = "Kerberos", body = NtlmTests.Identify }, stranger);

        Assert.Equal(401, answer.GetProperty("status").GetInt32());
        Assert.Equal(0, answer.GetProperty("answers").GetInt32());
    }

    [Fact]
    [Trait("Feature", "PRO-27")]
    public async Task A_changed_byte_in_a_sealed_message_ends_the_connection_and_nothing_is_done()
    {
        await Python.NeedGssapiAsync(ntlm: false);
        using var kerberos = KerberosService.Open(realm.Keytab, accountOf: (_, _) => Environment.UserName);

        await Flipping.AssertAsync("krb5", "Kerberos", headerBytes: 60, realm.Client, (_, _) => NegotiateScheme.For(null, kerberos));
    }

    [Theory]
    [InlineData("kerberos", "http", null)]
    [InlineData("kerberos", "https", null)]
    [InlineData("negotiate", "http", null)]
    [InlineData("negotiate", "http", "alice@TEST.LOCAL")]
    [InlineData("kerberos", "http", "TEST.LOCAL\\alice")]
    [Trait("Feature", "AUT-04")]
    public async Task Our_client_proves_itself_with_tickets_or_a_password(string method, string scheme, string? user)
    {
        var outcome = await WinRmAsync([
            "get", "wmicimv2/Win32_OperatingSystem", scheme == "http" ? $"-r:http://localhost:{Port}" : $"-r:https://localhost:{new Uri(_service!.Https).Port}", "-a:" + method,
            .. scheme == "https" ? new[] { "--pin", _service!.CertificateSha256 } : [], .. user is null ? [] : new[] { "-u:" + user }]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Contains("Win32_OperatingSystem", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-04")]
    public async Task Our_client_refuses_an_address_in_place_of_a_name()
    {
        var outcome = await WinRmAsync(["id", $"-r:http://127.0.0.1:{Port}", "-a:kerberos"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Kerberos knows services by name, and 127.0.0.1 is an address.", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-05")]
    [Trait("Feature", "IPM-09")]
    public async Task The_port_is_part_of_the_name_of_the_service_when_asked_for()
    {
        string[] ask = ["get", "wmicimv2/Win32_OperatingSystem", $"-r:http://localhost:{Port}", "-a:kerberos", "-spnport"];

        var before = await WinRmAsync(ask);
        await realm.AddServiceAsync($"HTTP/localhost:{Port}");
        var after = await WinRmAsync(ask);

        Assert.Contains($"HTTP/localhost:{Port}@TEST.LOCAL not found", before.Errors, StringComparison.Ordinal);
        Assert.True(after.ExitCode == 0, after.Errors);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the realm ends it

    private int Port => new Uri(_service!.Http).Port;

    private Task<Outcome> WinRmAsync(IEnumerable<string> arguments) => Commands.RunAsync(
        "/usr/bin/env", [.. realm.Client.Select(v => $"{v.Key}={v.Value}"), "FARWIRE_PASSWORD=" + KerberosRealm.Password, RunningService.Program("farwire"), "winrm", .. arguments]);
}

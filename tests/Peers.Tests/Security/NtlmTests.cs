using System.Globalization;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>NTLM with clients that others wrote, raw and inside SPNEGO, clear and sealed.</summary>
public sealed class NtlmTests(RunningService service)
{
    internal const string Identify =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body><i:Identify xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\"/></s:Body></s:Envelope>";

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    [Trait("Feature", "AUT-03")]
    [Trait("Feature", "PRO-27")]
    public async Task Pywinrm_runs_commands_with_sealed_messages(string scheme)
    {
        await Python.NeedAsync("requests_ntlm", "python3-requests-ntlm");
        var address = scheme == "http" ? service.Http : service.Https;

        var outcome = await Python.RunAsync("pywinrm_run.py", [address, "DOM\\" + service.User, service.Password, "ntlm", "always"], Python.Legacy);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    [Fact]
    public async Task Pywinrm_with_a_wrong_password_is_refused()
    {
        await Python.NeedAsync("requests_ntlm", "python3-requests-ntlm");

        var outcome = await Python.RunAsync("pywinrm_run.py", [service.Http, service.User, "wrong", "ntlm", "always"], Python.Legacy);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains("InvalidCredentialsError", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ntlm", "http")]
    [InlineData("--ntlm", "https")]
    public async Task Curl_proves_itself_by_NTLM(string method, string scheme)
    {
        Commands.Need("/usr/bin/curl");
        var address = scheme == "http" ? service.Http : service.Https;
        string[] common = ["-sk", "-o", "/dev/null", "-w", "%{http_code}", method, "-H", "Content-Type: application/soap+xml", "--data-binary", Identify, address];

        Assert.Equal("200", (await Commands.RunAsync("/usr/bin/curl", [.. common, "-u", $"{service.User}:{service.Password}"])).Output);
        Assert.Equal("401", (await Commands.RunAsync("/usr/bin/curl", [.. common, "-u", $"{service.User}:wrong"])).Output);
    }

    [Theory]
    [InlineData("ntlm", 1000)]
    [InlineData("spnego", 20)]
    [Trait("Feature", "AUT-03")]
    [Trait("Feature", "PRO-27")]
    public async Task Gss_ntlmssp_exchanges_sealed_messages_on_one_connection(string mechanism, int count)
    {
        await Python.NeedGssapiAsync(ntlm: true);
        using var users = new UserFile(service.User, service.Password);
        var at = new Uri(service.Http);

        var answer = await Python.AskAsync(new { host = "localhost", port = at.Port, mech = mechanism, scheme = "Negotiate", body = Identify, count }, users.Environment);

        Assert.Equal(count, answer.GetProperty("answers").GetInt32());
        Assert.Equal("1.3.6.1.4.1.311.2.2.10", answer.GetProperty("mech").GetString());
        Assert.Contains("<wsmid:ProductVendor>Farwire<", answer.GetProperty("last").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PRO-27")]
    public async Task A_fault_is_sealed_too()
    {
        await Python.NeedGssapiAsync(ntlm: true);
        using var users = new UserFile(service.User, service.Password);

        var answer = await Python.AskAsync(
            new { host = "localhost", port = new Uri(service.Http).Port, mech = "ntlm", scheme = "Negotiate", body = "<nonsense/>" }, users.Environment);

        Assert.Equal(500, answer.GetProperty("status").GetInt32());
        Assert.Contains("<s:Fault>", answer.GetProperty("last").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-13")]
    [Trait("Feature", "PRO-27")]
    public async Task A_service_that_takes_no_clear_text_refuses_it_from_whom_it_knows()
    {
        Commands.Need("/usr/bin/curl");
        await Python.NeedGssapiAsync(ntlm: true);
        await using var strict = await EdgeService.StartAsync(allowUnencrypted: false);
        using var users = new UserFile("Ann", "secret");

        var inClear = await Commands.RunAsync(
            "/usr/bin/curl",
            ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--ntlm", "-u", "Ann:secret", "-H", "Content-Type: application/soap+xml", "--data-binary", Identify, strict.Http.ToString()]);
        var isSealed = await Python.AskAsync(
            new { host = "localhost", port = strict.Http.Port, mech = "ntlm", scheme = "Negotiate", body = Identify }, users.Environment);

        Assert.Equal("401", inClear.Output);
        Assert.Equal(1, isSealed.GetProperty("answers").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "AUT-03")]
    [Trait("Feature", "PRO-27")]
    public async Task Impacket_exchanges_sealed_messages_on_one_connection(bool isRight)
    {
        Assert.SkipUnless((await Commands.RunAsync("/usr/bin/python3", ["-c", "import impacket.ntlm"])).ExitCode == 0, "python3-impacket is not installed");

        var outcome = await Python.RunAsync(
            "impacket_ntlm.py", ["127.0.0.1", $"{new Uri(service.Http).Port}", service.User, isRight ? service.Password : "wrong", "1000"], new Dictionary<string, string>(), Identify);

        Assert.Equal(isRight, outcome.ExitCode == 0);
        Assert.Contains(isRight ? "<wsmid:ProductVendor>Farwire<" : "refused: 401", outcome.Output + outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samba_s_ntlm_auth_agrees_on_the_tokens()
    {
        Commands.Need("/usr/bin/ntlm_auth");
        using var client = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "/usr/bin/ntlm_auth", ["--helper-protocol=ntlmssp-client-1", "--username=" + service.User, "--password=" + service.Password, "--domain=DOM"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var http = new HttpClient(handler);

        var challenge = await PostAsync(await SayAsync("YR"));
        var last = await PostAsync(await SayAsync("TT " + challenge.Headers.WwwAuthenticate.Single().Parameter));
        client.StandardInput.Close();
        await client.WaitForExitAsync();

        Assert.Equal(401, (int)challenge.StatusCode);
        Assert.Equal(200, (int)last.StatusCode);

        // "KK token", "AF token" or "YR token"
        async Task<string> SayAsync(string line)
        {
            await client.StandardInput.WriteLineAsync(line);
            await client.StandardInput.FlushAsync();
            return (await client.StandardOutput.ReadLineAsync())!.Split(' ')[1];
        }

        async Task<HttpResponseMessage> PostAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, service.Http);
            request.Headers.TryAddWithoutValidation("Authorization", "Negotiate " + token);
            return await http.SendAsync(request);
        }
    }

    [Fact]
    [Trait("Feature", "PRO-27")]
    public async Task A_changed_byte_in_a_sealed_message_ends_the_connection_and_nothing_is_done()
    {
        await Python.NeedGssapiAsync(ntlm: true);
        using var users = new UserFile("Ann", "secret");
        await Flipping.AssertAsync("ntlm", "Negotiate", headerBytes: 16, users.Environment, schemes: null);
    }
}

/// <summary>The file of credentials that gss-ntlmssp reads.</summary>
internal sealed class UserFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public UserFile(string user, string password)
    {
        File.WriteAllText(_path, string.Create(CultureInfo.InvariantCulture, $"DOM:{user}:{password}\n"));

        // Without tickets, so that SPNEGO has NTLM alone.
        Environment = new Dictionary<string, string> { ["NTLM_USER_FILE"] = _path, ["USER"] = user, ["KRB5CCNAME"] = "FILE:/nonexistent" };
    }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public void Dispose() => File.Delete(_path);
}

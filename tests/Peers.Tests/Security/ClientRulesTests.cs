using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.TestKit.Connection;

namespace Farwire.Peers.Tests.Security;

/// <summary>To whom the built winrm proves itself, and how, when nobody says: hosts by other names than localhost, in a domain and outside.</summary>
public sealed class ClientRulesTests(KerberosRealm realm) : IClassFixture<KerberosRealm>, IDisposable
{
    private const string Member = "server.test.local";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-rules-").FullName;

    [Theory]
    [InlineData("server.example.org", "ntlm", null, false)]
    [InlineData("server.example.org", "basic", null, false)]
    [InlineData("server.example.org", "ntlm", "other.example.org", false)]
    [InlineData("server.example.org", "ntlm", "*", true)]
    [InlineData("server.example.org", "ntlm", "a,*.example.org", true)]
    [InlineData("server.example.org", "basic", "*.example.org", true)]
    [InlineData("server.example.org", "ntlm", "<local>", false)]
    [InlineData("server", "ntlm", "<local>", true)]
    [Trait("Feature", "AUT-09")]
    public async Task Over_HTTP_who_proves_nothing_must_be_trusted(string host, string method, string? trusted, bool isAsked)
    {
        using var peer = new RecordingPeer(_ => "");
        Directory.CreateDirectory(Path.Combine(_folder, "farwire"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "farwire", "client.yaml"), $"AllowUnencrypted: true\n{(trusted is null ? "" : $"TrustedHosts: \"{trusted}\"\n")}");

        var outcome = await WinRmAsync(
            ["get", "wmicimv2/Win32_OperatingSystem", $"-r:http://{host}:{peer.Port}", "-u:ann", .. method == "basic" ? new[] { "-a:basic", "-unencrypted" } : ["-a:negotiate"]], inDomain: false);

        Assert.Equal(isAsked, peer.Requests.Count > 0);
        Assert.Equal(!isAsked, outcome.Errors.Contains("0x803380E4", StringComparison.Ordinal));
        Assert.Equal(!isAsked, outcome.Errors.Contains($"{host} is not among the trusted hosts", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-10")]
    public async Task Who_says_no_method_gets_the_one_of_the_table_or_its_refusal()
    {
        realm.Need();
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(own is null, "this machine has no address but loopback");
        await realm.AddServiceAsync("HTTP/" + Member);
        using var certificate = Certificate();
        using var clear = new RecordingPeer(_ => "", () => null, IPAddress.Any);
        using var tls = new RecordingPeer(_ => "", () => certificate, IPAddress.Any);

        foreach (var row in ChoiceRow.All())
        {
            var host = row.Target switch { "loopback" => "localhost", "name" => Member, _ => own.ToString() };
            var outcome = await WinRmAsync(
                [
                    "get", "wmicimv2/Win32_OperatingSystem", $"-r:{row.Scheme}://{host}:{(row.Scheme == "http" ? clear : tls).Port}",
                    .. row.IsExplicit ? new[] { row.IsInDomain ? "-u:alice@TEST.LOCAL" : "-u:ann" } : [],
                    .. row.Scheme == "https" ? new[] { "-skipCAcheck", "-skipCNcheck" } : [],
                    .. row.IsTrusted ? new[] { "--trusted-hosts", "*" } : [],
                ],
                row.IsInDomain);

            Assert.True(
                outcome.ExitCode == 1 && outcome.Errors.Contains(row.Outcome[0] == '0' ? row.Outcome : $"cannot be authenticated with by {row.Outcome}:", StringComparison.Ordinal),
                $"{row}: {outcome.Errors}");
        }
    }

    [Theory]
    [InlineData("Auth:\n  Basic: false\n", "0x803380DF", "-a:basic")]
    [InlineData("Auth: {negotiate: false}", "0x803380E1", "-a:negotiate")]
    [InlineData("", "0x803381A2", "-a:credssp")] // off unless somebody switches it on
    [InlineData("TrustedHost: x", "client.yaml, line 1: 'TrustedHost' is no setting of a client.")]
    [InlineData("NetworkDelayms: 1", "a number from 500 to")]
    public async Task Settings_of_the_machine_and_the_user_are_kept(string yaml, string expected, params string[] switches)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "farwire"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "farwire", "client.yaml"), yaml);

        var outcome = await WinRmAsync(["get", "wmicimv2/Win32_OperatingSystem", "-r:http://localhost:1", "-u:ann", .. switches], inDomain: false);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "server.example.org", false)]
    [InlineData("AllowUnencrypted: false", "server.example.org", false)]
    [InlineData("AllowUnencrypted: true", "server.example.org", true)]
    [InlineData(null, "localhost", true)] // what stays on this machine is read by nobody on the network
    [Trait("Feature", "AUT-01")]
    public async Task Clear_text_goes_over_the_network_only_where_the_client_is_set_to_allow_it(string? yaml, string host, bool isAsked)
    {
        using var peer = new RecordingPeer(_ => "");
        Directory.CreateDirectory(Path.Combine(_folder, "farwire"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "farwire", "client.yaml"), $"TrustedHosts: \"*\"\n{yaml}\n");

        var outcome = await WinRmAsync(["get", "wmicimv2/Win32_OperatingSystem", $"-r:http://{host}:{peer.Port}", "-u:ann", "-a:basic", "-unencrypted"], inDomain: false);

        Assert.Equal(isAsked, peer.Requests.Count > 0);
        Assert.Equal(!isAsked, outcome.Errors.Contains("0x803380DE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_settings_in_the_guide_are_taken()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(RunningService.Root, "docs", "guides", "security.md"));
        Directory.CreateDirectory(Path.Combine(_folder, "farwire"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "farwire", "client.yaml"), guide.Split("```yaml\n")[1].Split("```")[0]);
        using var peer = new RecordingPeer(_ => "");
        string[] get = ["get", "wmicimv2/Win32_OperatingSystem", "-u:ann"];

        var digest = await WinRmAsync([.. get, "-r:https://localhost:1", "-a:digest"], inDomain: false);
        var local = await WinRmAsync([.. get, $"-r:http://server:{peer.Port}", "-a:negotiate"], inDomain: false);
        var stranger = await WinRmAsync([.. get, $"-r:http://server.example.org:{peer.Port}", "-a:negotiate"], inDomain: false);

        Assert.Contains("0x803380E0", digest.Errors, StringComparison.Ordinal);
        Assert.Contains("cannot be authenticated with by Negotiate:", local.Errors, StringComparison.Ordinal);
        Assert.Contains("0x803380E4", stranger.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Outcome> WinRmAsync(string[] arguments, bool inDomain)
    {
        Assert.SkipUnless((await Commands.RunAsync("unshare", ["-m", "true"])).ExitCode == 0, "mount namespaces are not allowed here");
        var hosts = Path.Combine(_folder, "hosts");
        await File.WriteAllTextAsync(hosts, $"127.0.0.1 localhost server server.example.org other.example.org {Member}\n");
        var variables = new Dictionary<string, string>(inDomain ? realm.Client : new Dictionary<string, string> { ["KRB5CCNAME"] = "FILE:/nonexistent" })
        {
            ["XDG_CONFIG_HOME"] = _folder,
            ["FARWIRE_PASSWORD"] = inDomain ? KerberosRealm.Password : "s3cret",
        };
        return await Commands.RunAsync(
            "unshare",
            [
                "-m", "sh", Path.Combine(AppContext.BaseDirectory, "Peers", "hosts.sh"), hosts, "/usr/bin/env", .. variables.Select(v => $"{v.Key}={v.Value}"),
                RunningService.Program("farwire"), "winrm", .. arguments,
            ]);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

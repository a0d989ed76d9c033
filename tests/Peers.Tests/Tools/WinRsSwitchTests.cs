using System.Globalization;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Tools;

/// <summary>The switches of winrs that change how a command runs: each with what it does beside what happens without it.</summary>
public sealed class WinRsSwitchTests(RunningService service, KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Refusal = "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en-US\">no</s:Text></s:Reason></s:Fault>";

    [Fact]
    [Trait("Feature", "WRS-04")]
    public async Task Each_remaining_switch_has_its_effect_under_each_of_its_names()
    {
        realm.Need();
        Commands.Need("/usr/bin/python3");

        await ProfileAsync();
        await CompressionAsync();
        await EchoAsync();
        await DelegationAsync();
        await WayAsync();
    }

    private async Task ProfileAsync()
    {
        Assert.Equal("<profile>\n", (await WithProfileAsync()).Output);
        foreach (var name in (string[])["-noprofile", "/NOP"])
        {
            Assert.Equal("<>\n", (await WithProfileAsync(name)).Output);
        }
    }

    // On the wire the streams are announced as packed, and still come out whole.
    private async Task CompressionAsync()
    {
        using var peer = new RecordingPeer(_ => Refusal);
        foreach (var switches in (string[][])[["-compression"], ["/COMP"], []])
        {
            await FarwireAsync(["-r:http://127.0.0.1:" + peer.Port.ToString(CultureInfo.InvariantCulture), "-un", "-a:basic", "-u:ann", .. switches, "true"]);
        }

        Assert.Equal([true, true, false], peer.Requests.Select(request => request.Body.Contains("xpress</", StringComparison.Ordinal)));
        var packed = await HereAsync("-comp", "seq 50000");
        Assert.Equal(string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i}\n")), packed.Output);
    }

    private async Task EchoAsync()
    {
        foreach (var name in (string[])["-noecho", "/NOE"])
        {
            var hidden = await AtTerminalAsync(name);
            Assert.EndsWith("ready\r\n<typed>\r\n", hidden.Output, StringComparison.Ordinal);
        }

        Assert.Contains("the terminal echoes", (await AtTerminalAsync()).Errors, StringComparison.Ordinal);
    }

    private async Task DelegationAsync()
    {
        var at = "-r:http://localhost:" + new Uri((await realm.FarwiredAsync()).Http).Port.ToString(CultureInfo.InvariantCulture);
        foreach (var name in (string[])["-allowdelegate", "/AD"])
        {
            var left = await InRealmAsync(at, "-a:kerberos", name, "klist");
            Assert.Contains("krbtgt/" + KerberosRealm.Name, left.Output, StringComparison.Ordinal);
        }

        var kept = await InRealmAsync(at, "-a:kerberos", "echo ${KRB5CCNAME:-none}");
        Assert.DoesNotContain("krb5cc_farwire", kept.Output, StringComparison.Ordinal);
        var impossible = await HereAsync("-allowdelegate", "true");
        Assert.Contains("-allowdelegate needs Kerberos or CredSSP", impossible.Errors, StringComparison.Ordinal);
    }

    // Ports as for winrm; TLS where it is asked for; in the clear only when that is asked for.
    private async Task WayAsync()
    {
        foreach (var (where, address) in new[]
        {
            ("-r:127.0.0.9", "http://127.0.0.9:5985/wsman"), ("-r:127.0.0.9 -ssl", "https://127.0.0.9:5986/wsman"), ("-r:127.0.0.9 /USESSL", "https://127.0.0.9:5986/wsman"),
            ("-r:http://127.0.0.9", "http://127.0.0.9/wsman"), ("-r:https://127.0.0.9", "https://127.0.0.9/wsman"),
        })
        {
            var nobody = await FarwireAsync([.. where.Split(' '), "-un", "-a:basic", "-u:ann", "true"]);
            Assert.Equal(1, nobody.ExitCode);
            Assert.Contains(address + " cannot be reached", nobody.Errors, StringComparison.Ordinal);
        }

        var authority = new Uri(service.Https).Authority;
        var tls = await FarwireAsync([$"-r:{authority}", "-ssl", "--pin", service.CertificateSha256, "-a:basic", "-u:" + service.User, "echo here"]);
        Assert.Equal("here\n", tls.Output);
        foreach (var name in (string[])["-unencrypted", "/UN"])
        {
            Assert.Equal("here\n", (await FarwireAsync(["-r:" + service.Http, name, "-a:basic", "-u:" + service.User, "echo here"])).Output);
        }

        var refused = await FarwireAsync(["-r:" + service.Http, "-a:basic", "-u:" + service.User, "echo here"]);
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
    }

    private async Task<Outcome> WithProfileAsync(params string[] switches)
    {
        var home = Directory.CreateTempSubdirectory("farwire-home-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, ".profile"), "FROM=profile\n");
        var outcome = await HereAsync([.. switches, "-env:HOME=" + home, "echo \"<$FROM>\""]);
        Directory.Delete(home, recursive: true);
        return outcome;
    }

    private Task<Outcome> HereAsync(params string[] words) => Commands.RunAsync(RunningService.Program("farwire"), ["winrs", "--connect", service.ConnectionFile, .. words]);

    private Task<Outcome> FarwireAsync(string[] words) => Commands.RunAsync("env", ["FARWIRE_PASSWORD=" + service.Password, RunningService.Program("farwire"), "winrs", .. words]);

    private Task<Outcome> InRealmAsync(params string[] words) => Commands.RunAsync("env", [.. realm.Client.Select(v => $"{v.Key}={v.Value}"), RunningService.Program("farwire"), "winrs", .. words]);

    private Task<Outcome> AtTerminalAsync(params string[] switches) => Commands.RunAsync(
        "/usr/bin/python3",
        [Path.Combine(AppContext.BaseDirectory, "Peers", "prompt.py"), "ready", "typed", RunningService.Program("farwire"), "winrs", "--connect", service.ConnectionFile, .. switches, "echo ready; read line; echo \"<$line>\""]);
}

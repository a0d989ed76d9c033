using Farwire.Peers.Tests.Administration;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>Listeners with keys of their own, with MIT's KDC and curl as the client.</summary>
public sealed class ListenerKeytabTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Principal = "HTTP/localhost";

    [Fact]
    [Trait("Feature", "AUT-04")]
    public async Task Each_listener_takes_the_keys_of_its_own_keytab_and_of_the_one_that_takes_its_place()
    {
        realm.Need();
        Commands.Need("/usr/bin/curl");
        var old = await realm.RekeyAsync(Principal, "old.keytab");
        var current = await realm.RekeyAsync(Principal, "current.keytab"); // tickets are for these keys from now on
        var (first, second) = (old + ".first", current + ".second");
        File.Copy(old, first);
        File.Copy(current, second);
        var (firstPort, secondPort) = (LoopbackPort.Free(), LoopbackPort.Free());
        await using var service = await AdministeredService.StartWithAsync(realm.Service.ToDictionary(), ("farwired.yaml", $$"""
            Service: { AllowUnencrypted: true }
            Listener:
              - { Address: "*", Transport: HTTP, Port: {{firstPort}}, Keytab: "{{first}}" }
              - { Address: "IP:127.0.0.1", Transport: HTTP, Port: {{secondPort}}, Keytab: "{{second}}" }

            """));

        Assert.Equal(("401", "200"), (await AskAsync(firstPort), await AskAsync(secondPort)));

        // A change by wire neither shows the keytab nor loses it.
        var changed = await service.AskAsync("set", "winrm/config/listener?Address=IP:127.0.0.1+Transport=HTTP", "@{Hostname=\"localhost\"}");
        Assert.DoesNotContain("eytab", changed, StringComparison.Ordinal);
        Assert.Equal(("401", "200"), (await AskAsync(firstPort), await AskAsync(secondPort)));

        // Keytabs that take the place of others count at once; one that is gone is no reason to take the service's.
        File.Move(current, first, overwrite: true);
        File.Move(old, second, overwrite: true);
        Assert.Equal(("200", "401"), (await AskAsync(firstPort), await AskAsync(secondPort)));
        File.Delete(first);
        Assert.Equal("401", await AskAsync(firstPort));
    }

    [Fact]
    [Trait("Feature", "AUT-04")]
    public async Task A_listener_takes_the_keys_of_a_keytab_that_comes_later_while_others_have_those_of_the_service()
    {
        realm.Need();
        Commands.Need("/usr/bin/curl");
        var service = await realm.RekeyAsync(Principal, "service.keytab");
        var late = service + ".late";
        var (latePort, otherPort) = (LoopbackPort.Free(), LoopbackPort.Free());
        await using var farwired = await AdministeredService.StartWithAsync(new Dictionary<string, string>(realm.Service) { ["KRB5_KTNAME"] = service }, ("farwired.yaml", $$"""
            Service: { AllowUnencrypted: true }
            Listener:
              - { Address: "*", Transport: HTTP, Port: {{latePort}}, Keytab: "{{late}}" }
              - { Address: "IP:127.0.0.1", Transport: HTTP, Port: {{otherPort}} }

            """));

        Assert.Equal(("401", "200"), (await AskAsync(latePort), await AskAsync(otherPort)));
        Assert.Contains($"The keytab {late} of a listener has no keys", farwired.Log, StringComparison.Ordinal);

        File.Copy(service, late);

        Assert.Equal(("200", "200"), (await AskAsync(latePort), await AskAsync(otherPort)));
    }

    // Tickets of a cache are for the keys that the service had; each call asks for one anew.
    private async Task<string> AskAsync(int port)
    {
        var tickets = await realm.KinitAsync(KerberosRealm.User);
        return (await Commands.RunAsync("/usr/bin/env",
        [
            $"KRB5_CONFIG={realm.Configuration}", $"KRB5CCNAME={tickets}", "/usr/bin/curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--negotiate", "-u", ":",
            "-H", "Content-Type: application/soap+xml", "--data-binary", NtlmTests.Identify, $"http://localhost:{port}/wsman",
        ])).Output;
    }
}

using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>Who sources of events are, at the built service: by the certificate they show, and by the ticket of a domain.</summary>
[Collection(nameof(SambaDomain))]
public sealed class SourceTests(SambaDomain domain, KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Subscriptions = "urn:farwire:collector/Subscription";

    [Fact]
    [Trait("Feature", "WEC-05")]
    [Trait("Feature", "WEC-15")]
    public async Task A_certificate_forwards_by_issuer_and_name_though_its_user_is_gone_and_reads_nothing_else()
    {
        using var chain = new AuthorityChain();
        await using var service = await AdministeredService.StartAsync(("authorities/root.pem", chain.RootPem), ("farwired.yaml", "Service: { Auth: { Certificate: true } }\n"));
        var address = await CertificateListener.OpenAsync(service);
        var (box, other) = (Path.Combine(service.State, "box1.pem"), Path.Combine(service.State, "other.pem"));
        chain.Issue(box, "box1.example.org");
        chain.Issue(other, "box1.elsewhere.org");
        await UserAsync(service, "add", "forwarder");
        await service.AskAsync("create", $"winrm/config/service/certmapping?Issuer={chain.IssuerThumbprint}+Subject=*+URI=*", "@{UserName=\"forwarder\"}");
        await SubscribeAsync(service, "wanted", Rules(chain.IssuerThumbprint, "*.example.org"));
        await SubscribeAsync(service, "root", Rules(chain.RootThumbprint, "*"));
        await SubscribeAsync(service, "denied", Rules(chain.IssuerThumbprint, "*", denied: "BOX1.*"));
        await SubscribeAsync(service, "others", Rules(chain.IssuerThumbprint, "box2.example.org"));

        // 1. Each rule says whom it is for. 2. Events come in. 3. The user goes; they still do. 4. As anybody else the certificate is nobody.
        var told = SourceMessages.Read(await CurlAsync(address + "/SubscriptionManager/WEC", box, SourceMessages.Ask(address)));
        Assert.Equal(["wanted"], told.Keys);
        Assert.Empty(SourceMessages.Read(await CurlAsync(address + "/SubscriptionManager/WEC", other, SourceMessages.Ask(address))));
        Assert.Contains("/wsman/Ack<", await CurlAsync(told["wanted"], box, SourceMessages.Deliver(told["wanted"], 1)), StringComparison.Ordinal);
        Assert.Contains("w:AccessDenied", await CurlAsync(told["wanted"], other, SourceMessages.Deliver(told["wanted"], 2)), StringComparison.Ordinal);

        await UserAsync(service, "remove", "forwarder");
        await AdministeredService.UntilAsync(async () =>
            (await CurlAsync(address, box, Soap.Get(Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem"), Profile)).Contains("w:AccessDenied", StringComparison.Ordinal));
        Assert.Contains("/wsman/Ack<", await CurlAsync(told["wanted"], box, SourceMessages.Deliver(told["wanted"], 3)), StringComparison.Ordinal);
        Assert.Contains("w:AccessDenied", await CurlAsync(address + "/SubscriptionManager/WEC", box, Soap.Get(Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem")), StringComparison.Ordinal);

        // 5. A mapping by the root's thumbprint is none.
        await service.AskAsync("delete", $"winrm/config/service/certmapping?Issuer={chain.IssuerThumbprint}+Subject=*+URI=*");
        await service.AskAsync("create", $"winrm/config/service/certmapping?Issuer={chain.RootThumbprint}+Subject=*+URI=*", "@{UserName=\"forwarder\"}");
        Assert.Contains("w:AccessDenied", await CurlAsync(told["wanted"], box, SourceMessages.Deliver(told["wanted"], 4)), StringComparison.Ordinal);
        Assert.Contains("<EventRecordID>3</EventRecordID>", await StoredAsync(service), StringComparison.Ordinal);
        Assert.DoesNotContain("<EventRecordID>2</EventRecordID>", await StoredAsync(service), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WEC-04")]
    public async Task Groups_of_a_ticket_of_the_domain_decide_and_messages_are_sealed()
    {
        domain.Need();
        await Python.NeedGssapiAsync(ntlm: false);
        await using var service = await AdministeredService.StartWithAsync(domain.Service, ("access.yaml", $"DomainSid: {domain.Sid}\n"));
        var port = await ListenAsync(service);
        var group = domain.GroupSid;
        await SubscribeAsync(service, "group", Sddl($"O:NSG:NSD:(A;;GA;;;{group})"));
        await SubscribeAsync(service, "users-but-group", Sddl($"O:NSG:NSD:(D;;GA;;;{group})(A;;GA;;;DU)"));
        await SubscribeAsync(service, "administrators", Sddl("O:NSG:NSD:(A;;GA;;;DA)"));
        await SubscribeAsync(service, "default", "");

        var alice = await AskAsync(await domain.ClientAsync("alice"), port);
        var mallory = await AskAsync(await domain.ClientAsync("mallory"), port);
        var computer = await AskAsync(await domain.ClientAsync(SambaDomain.Computer), port);

        Assert.Equal(["group"], alice.Keys);
        Assert.Equal(["users-but-group"], mallory.Keys);
        Assert.Equal(["default"], computer.Keys);

        var delivered = await SendAsync(await domain.ClientAsync("alice"), port, alice["group"], SourceMessages.Deliver(alice["group"], 1));
        var refused = await SendAsync(await domain.ClientAsync("mallory"), port, alice["group"], SourceMessages.Deliver(alice["group"], 2));
        Assert.Contains("/wsman/Ack<", delivered, StringComparison.Ordinal);
        Assert.Contains("w:AccessDenied", refused, StringComparison.Ordinal);
        var stored = await StoredAsync(service);
        Assert.Contains("<EventRecordID>1</EventRecordID>", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("<EventRecordID>2</EventRecordID>", stored, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "WEC-04")]
    public async Task Without_groups_in_the_ticket_a_rule_of_names_stands_in_and_the_log_says_so()
    {
        realm.Need();
        await Python.NeedGssapiAsync(ntlm: false);
        await using var service = await AdministeredService.StartWithAsync(realm.Service);
        var port = await ListenAsync(service);
        await SubscribeAsync(service, "default", "");
        await SubscribeAsync(service, "named", "<AllowedPrincipals xmlns=\"urn:farwire:subscription\"><Principal>alice@TEST.*</Principal></AllowedPrincipals>");

        Assert.Equal(["named"], (await AskAsync(realm.Client, port)).Keys);
        await AdministeredService.UntilAsync(() => Task.FromResult(service.Log.Contains("The ticket of alice@TEST.LOCAL says nothing of groups", StringComparison.Ordinal)));
    }

    private const string Profile = "Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    private static string Rules(string issuer, string subject, string? denied = null) =>
        $"<AllowedSourceNonDomainComputers><AllowedIssuerCAList><IssuerCA>{issuer}</IssuerCA></AllowedIssuerCAList><AllowedSubjectList><Subject>{subject}</Subject></AllowedSubjectList>"
        + (denied is null ? "" : $"<DeniedSubjectList><Subject>{denied}</Subject></DeniedSubjectList>") + "</AllowedSourceNonDomainComputers>";

    private static string Sddl(string sddl) => $"<AllowedSourceDomainComputers>{sddl}</AllowedSourceDomainComputers>";

    private static async Task SubscribeAsync(AdministeredService service, string name, string rules)
    {
        var answer = await service.CurlAsync(Soap.Message(Soap.Transfer + "/Create", Subscriptions, SourceMessages.Subscription(name, rules)));
        Assert.Contains("ResourceCreated", answer, StringComparison.Ordinal);
    }

    private static async Task<string> StoredAsync(AdministeredService service) => System.Net.WebUtility.HtmlDecode(await service.CurlAsync(
        Soap.Enumerate("urn:farwire:collector/Event", "<w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements>")));

    private static async Task UserAsync(AdministeredService service, string verb, string name)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwired"), ["user", verb, name, "--file", Path.Combine(service.State, "users")], Encoding.UTF8.GetBytes(AdministeredService.Password + "\n"));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private static async Task<string> CurlAsync(string address, string certificate, string message, string? header = null)
    {
        Commands.Need("/usr/bin/curl");
        return (await Commands.RunAsync(
            "/usr/bin/curl",
            ["-sk", "--cert", certificate, "-H", "Content-Type: application/soap+xml;charset=UTF-8", .. header is null ? Array.Empty<string>() : ["-H", header], "--data-binary", "@-", address],
            Encoding.UTF8.GetBytes(message))).Output;
    }

    // No clear text, no Basic: what comes is sealed.
    private static async Task<int> ListenAsync(AdministeredService service)
    {
        var port = LoopbackPort.Free();
        await service.AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP", $"@{{Port=\"{port}\"}}");
        return port;
    }

    private static async Task<IReadOnlyDictionary<string, string>> AskAsync(IReadOnlyDictionary<string, string> client, int port)
    {
        var address = $"http://localhost:{port}/wsman";
        return SourceMessages.Read(await SendAsync(client, port, address + "/SubscriptionManager/WEC", SourceMessages.Ask(address)));
    }

    private static async Task<string> SendAsync(IReadOnlyDictionary<string, string> client, int port, string to, string message)
    {
        var answer = await Python.AskAsync(new { host = "localhost", port, path = new Uri(to).AbsolutePath, mech = "krb5", scheme = "Kerberos", body = message }, client);
        Assert.Equal(1, answer.GetProperty("answers").GetInt32());
        return answer.GetProperty("last").GetString()!;
    }
}

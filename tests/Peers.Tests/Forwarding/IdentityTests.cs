using System.Text;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Forwarding;

/// <summary>How a source proves itself to the collector: a machine of a realm by its key table, and any machine by its certificate.</summary>
public sealed class IdentityTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Query = "<QueryList><Query Id=\"0\"><Select Path=\"Linux-Journal\">*[System[Provider[@Name='app']]]</Select></Query></QueryList>";

    [Fact]
    [Trait("Feature", "SRC-11")]
    public async Task A_machine_of_a_realm_forwards_by_its_key_table_over_http_and_every_message_is_sealed()
    {
        realm.Need();
        await realm.AddServiceAsync("host/box1.example.org");
        var keytab = await realm.RekeyAsync("host/box1.example.org", "box1.keytab");

        // The machines of the realm are one account at the collector, as krb5.conf(5) has it; here the only one that a service alone knows.
        var configuration = Path.Combine(Path.GetDirectoryName(keytab)!, "collector.conf");
        await File.WriteAllTextAsync(
            configuration,
            (await File.ReadAllTextAsync(realm.Configuration)).Replace("auth_to_local_names", $"auth_to_local = RULE:[2:$1](host)s/.*/{Environment.UserName}/\n    auth_to_local = DEFAULT\n    auth_to_local_names", StringComparison.Ordinal));
        await using var collector = await AdministeredService.StartWithAsync(new Dictionary<string, string>(realm.Service) { ["KRB5_CONFIG"] = configuration });
        var port = LoopbackPort.Free();
        await collector.AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTP", $"@{{Port=\"{port}\"}}");
        await SubscribeAsync(collector, "<AllowedPrincipals xmlns=\"urn:farwire:subscription\"><Principal>host/box1.example.org@TEST.*</Principal></AllowedPrincipals>");
        await using var source = await ForwardingSource.MakeAsync();
        source.Environment["KRB5_CONFIG"] = realm.Configuration;
        source.Environment["KRB5CCNAME"] = "MEMORY:none";
        source.Configure($"Keytab: {keytab}\n", $"Server=http://localhost:{port}/wsman/SubscriptionManager/WEC,Refresh=1");
        source.Journal.Write("app", 1, 3);
        await source.StartAsync();

        // Clear text is not allowed at the collector: what comes in was sealed.
        Assert.Equal(["1", "2", "3"], await UntilStoredAsync(collector, source, 3));
        var status = await source.UntilStatusAsync(status => status.GetProperty("Subscriptions")[0].GetProperty("State").GetString() == "Active");
        Assert.StartsWith("http://", status.GetProperty("Server").GetString(), StringComparison.Ordinal);
        Assert.Contains("host/box1.example.org@TEST.LOCAL", (await collector.WecUtilAsync("gr", "linux")).Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Feature", "SRC-11")]
    public async Task Any_machine_forwards_by_the_certificate_of_the_authority_that_policy_and_subscription_name()
    {
        using var chain = new AuthorityChain();
        using var other = new AuthorityChain();
        await using var collector = await AdministeredService.StartAsync(("authorities/root.pem", chain.RootPem), ("farwired.yaml", "Service: { Auth: { Certificate: true } }\n"));
        var address = await CertificateListener.OpenAsync(collector);
        var (own, strange) = (Path.Combine(collector.State, "box1.pem"), Path.Combine(collector.State, "strange.pem"));
        chain.Issue(own, "box1.example.org");
        other.Issue(strange, "box1.example.org");
        await collector.AskAsync("create", $"winrm/config/service/certmapping?Issuer={chain.IssuerThumbprint}+Subject=*+URI=*", "@{UserName=\"bob\"}");
        await SubscribeAsync(
            collector,
            $"<AllowedSourceNonDomainComputers><AllowedIssuerCAList><IssuerCA>{chain.IssuerThumbprint}</IssuerCA></AllowedIssuerCAList><AllowedSubjectList><Subject>*.example.org</Subject></AllowedSubjectList></AllowedSourceNonDomainComputers>");
        await using var source = await ForwardingSource.MakeAsync();
        source.Configure(
            $"Certificates: [{strange}, {own}]\nAuthorities: {CertificateListener.FileOf(collector)}\n", $"Server={address}/SubscriptionManager/WEC,Refresh=1,IssuerCA={chain.IssuerThumbprint}");
        source.Journal.Write("app", 1, 3);
        await source.StartAsync();

        Assert.Equal(["1", "2", "3"], await UntilStoredAsync(collector, source, 3));
        await source.UntilStatusAsync(status => status.GetProperty("Subscriptions")[0].GetProperty("State").GetString() == "Active");
        Assert.Contains("box1.example.org", (await collector.WecUtilAsync("gr", "linux")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_whose_certificate_nobody_vouches_for_gets_nothing_and_the_status_says_what_to_do()
    {
        await using var collector = await RecordedCollector.StartAsync();
        await using var source = await ForwardingSource.MakeAsync();
        source.Configure(
            collector.Identity(source).Replace($"Authorities: {collector.Certificate}\n", "", StringComparison.Ordinal), $"Server={collector.Address}/SubscriptionManager/WEC,Refresh=1");
        await source.StartAsync();

        var status = await source.UntilStatusAsync(status => status.GetProperty("State").GetString() == "Trying");

        Assert.Contains("certificate", status.GetProperty("LastError").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(status.GetProperty("Fix").GetString()!);
        Assert.Empty(collector.Messages);
    }

    private static async Task SubscribeAsync(AdministeredService collector, string rules)
    {
        var file = Path.Combine(collector.State, "linux.xml");
        await File.WriteAllTextAsync(file,
            $"<Subscription xmlns=\"http://schemas.microsoft.com/2006/03/windows/events/subscription\"><SubscriptionId>linux</SubscriptionId><SubscriptionType>SourceInitiated</SubscriptionType><ConfigurationMode>Custom</ConfigurationMode>"
            + $"<Delivery Mode=\"Push\">{ForwardingCollector.Hasty}</Delivery><Query><![CDATA[{Query}]]></Query><ReadExistingEvents>true</ReadExistingEvents>{rules}</Subscription>");
        var made = await collector.WecUtilAsync("cs", file);
        Assert.True(made.ExitCode == 0, made.Errors);
    }

    private static async Task<IReadOnlyList<string>> UntilStoredAsync(AdministeredService collector, ForwardingSource source, int count)
    {
        IReadOnlyList<string> numbers = [];
        await Waiting.UntilAsync(
            async () =>
            {
                var export = await Commands.RunAsync("env", [$"FARWIRE_SOCKET={collector.Socket}", RunningService.Program("farwire"), "events", "export", "--subscription", "linux", "-o", "xml"]);
                return (numbers = [.. System.Text.RegularExpressions.Regex.Matches(export.Output, "Name=[\"']MESSAGE[\"']>number (\\d+);").Select(match => match.Groups[1].Value)]).Count >= count;
            },
            () => $"{numbers.Count} events came; {source.StatusAsync().Result}");
        return numbers;
    }
}

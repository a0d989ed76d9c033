using System.Collections.Immutable;
using System.Xml.Linq;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Configuration;

namespace Farwire.Service.Tests.Configuration;

public sealed class EntryTests
{
    private static readonly (string, string)[] Http = [("Address", "*"), ("Transport", "HTTP")];
    private static readonly (string, string)[] Alice = [("URI", "*"), ("Subject", "alice@example.com"), ("Issuer", new string('A', 40))];

    [Fact]
    [Trait("Feature", "CFG-08")]
    [Trait("Feature", "SVC-09")]
    public async Task A_listener_is_created_read_changed_and_deleted()
    {
        await using var service = new Configured();

        var created = await service.AskAsync(Actions.Create, Configured.Listener, $"<l:Listener xmlns:l='{Configured.Listener}'><l:Hostname>box</l:Hostname></l:Listener>", Http);
        Assert.Equal("*HTTP", string.Concat(created.Descendants(XName.Get("Selector", Namespaces.WSMan)).Select(s => s.Value)));

        var listener = await service.GetAsync("/listener", Http);
        Assert.Equal(
            "Address=* Transport=HTTP Port=5985 Hostname=box Enabled=true URLPrefix=wsman CertificateThumbprint= ListeningOn=127.0.0.1 ListeningOn=::1",
            string.Join(' ', listener.Elements().Select(e => $"{e.Name.LocalName}={e.Value}")));

        listener.Element(XName.Get("Enabled", Configured.Listener))!.Value = "false";
        var changed = await service.AskAsync(Actions.Put, Configured.Listener, listener.ToString(), Http);
        Assert.Equal("false", changed.Element(XName.Get("Enabled", Configured.Listener))!.Value);
        Assert.Empty(changed.Elements(XName.Get("ListeningOn", Configured.Listener)));

        await service.AskAsync(Actions.Delete, Configured.Listener, "", Http);
        Assert.Equal(FaultCatalog.ResourceNotFound.Code, (await service.FaultAsync(Actions.Get, Configured.Listener, "", Http)).Code);
    }

    [Fact]
    public async Task The_keytab_of_a_listener_stands_in_files_alone_and_outlives_a_change_by_wire()
    {
        var values = Http.Append(("Keytab", "/etc/farwire/http.keytab")).ToImmutableDictionary(pair => ConfigurationTable.Listeners.All.Single(setting => setting.Name == pair.Item1), pair => pair.Item2);
        var file = new ConfigurationEntry(ConfigurationTable.Listeners, values, "/etc/farwire/farwired.yaml:3");
        await using var service = new Configured(ConfigurationLayer.Empty.With(file));

        var listener = await service.GetAsync("/listener", Http);
        listener.Element(XName.Get("Hostname", Configured.Listener))!.Value = "box";
        var changed = await service.AskAsync(Actions.Put, Configured.Listener, listener.ToString(), Http);
        var refused = await service.FaultAsync(Actions.Put, Configured.Listener, $"<l:Listener xmlns:l='{Configured.Listener}'><l:Keytab>/etc/other</l:Keytab></l:Listener>", Http);

        Assert.Empty(listener.Elements(XName.Get("Keytab", Configured.Listener)));
        Assert.Empty(changed.Elements(XName.Get("Keytab", Configured.Listener)));
        Assert.Equal(FaultCatalog.InvalidRepresentation.Code, refused.Code);
        Assert.Equal(("box", "/etc/farwire/http.keytab"), (service.Saved!.Entries.Single()["Hostname"], service.Saved.Entries.Single()["Keytab"]));
    }

    [Fact]
    public async Task The_body_of_the_create_sample_of_the_portal_is_taken()
    {
        await using var service = new Configured();

        await service.AskAsync(Actions.Create, Configured.Listener, "<p:Listener xmlns:p='http://schemas.microsoft.com/wbem/wsman/1/config/Listener.xsd'><p:Port>8080</p:Port></p:Listener>", Http);

        Assert.Equal("8080", service.Live.Current.EntriesOf(ConfigurationTable.Listeners).Single()["Port"]);
    }

    [Fact]
    [Trait("Feature", "CFG-09")]
    public async Task A_second_listener_with_the_same_keys_is_refused()
    {
        await using var service = new Configured();
        var body = $"<l:Listener xmlns:l='{Configured.Listener}'/>";
        await service.AskAsync(Actions.Create, Configured.Listener, body, Http);

        Assert.Equal(FaultCatalog.AlreadyExists.Code, (await service.FaultAsync(Actions.Create, Configured.Listener, body, ("address", "*"), ("transport", "http"))).Code);
    }

    [Theory]
    [InlineData("<l:ListeningOn>10.0.0.1</l:ListeningOn>", "*", "HTTP", 2150859071u)]
    [InlineData("<l:Port>0</l:Port>", "*", "HTTP", 2150858838u)]
    [InlineData("<l:URLPrefix>/wsman</l:URLPrefix>", "*", "HTTP", 2150858838u)]
    [InlineData("<l:Hostname>a b</l:Hostname>", "*", "HTTP", 2150858838u)]
    [InlineData("<l:CertificateThumbprint>xyz</l:CertificateThumbprint>", "*", "HTTPS", 2150858838u)]
    [InlineData("<l:CertificateThumbprint>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA</l:CertificateThumbprint>", "*", "HTTP", 2150858982u)]
    [InlineData("<l:Transport>HTTPS</l:Transport>", "*", "HTTP", 2150858773u)]
    [InlineData("", "10.0.0.1", "HTTP", 2150858889u)]
    [InlineData("", "IP:300.0.0.1", "HTTP", 2150858889u)]
    [InlineData("", "MAC:00-11", "HTTP", 2150858889u)]
    [InlineData("", "*", "FTP", 2150858845u)]
    [InlineData("", "*", "HTTPS", 2150859029u)]
    public async Task A_listener_that_could_not_be_is_refused(string settings, string address, string transport, uint code)
    {
        await using var service = new Configured { Missing = "there is no certificate for this host." };

        var fault = await service.FaultAsync(
            Actions.Create, Configured.Listener, $"<l:Listener xmlns:l='{Configured.Listener}'>{settings}</l:Listener>", ("Address", address), ("Transport", transport));

        Assert.Equal(code, fault.Code);
        Assert.Empty(service.Live.Current.EntriesOf(ConfigurationTable.Listeners));
    }

    [Fact]
    public async Task The_password_of_a_mapping_is_sealed_and_never_returned()
    {
        await using var service = new Configured();

        await service.AskAsync(Actions.Create, Configured.Mapping, $"<m:CertMapping xmlns:m='{Configured.Mapping}'><m:UserName>alice</m:UserName><m:Password>s3cret</m:Password></m:CertMapping>", Alice);
        var mapping = await service.GetAsync("/service/certmapping", Alice);
        await service.AskAsync(Actions.Put, Configured.Mapping, mapping.ToString(), Alice); // the whole, without the password, leaves it as it is

        Assert.Equal("URI Subject Issuer UserName Enabled", string.Join(' ', mapping.Elements().Select(e => e.Name.LocalName)));
        var kept = Assert.Single(service.Saved!.Entries)["Password"];
        Assert.StartsWith("sealed:", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "al*ice", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("*", "alice", "A")]
    [InlineData("a*b", "alice", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Keys_of_a_mapping_that_match_nothing_are_refused(string uri, string subject, string issuer)
    {
        await using var service = new Configured();

        var fault = await service.FaultAsync(
            Actions.Create, Configured.Mapping, $"<m:CertMapping xmlns:m='{Configured.Mapping}'><m:UserName>alice</m:UserName></m:CertMapping>", ("URI", uri), ("Subject", subject), ("Issuer", issuer));

        Assert.Equal(FaultCatalog.InvalidSelectorValue.Code, fault.Code);
    }

    [Fact]
    public async Task A_listener_of_the_files_can_be_deleted_and_one_of_the_policy_cannot()
    {
        var file = Entry("HTTP", "/etc/farwire/farwired.yaml:3");
        var policy = Entry("HTTPS", "/etc/farwire/policy.yaml:2");
        await using var service = new Configured(ConfigurationLayer.Empty.With(file), ConfigurationLayer.Empty.With(policy));

        await service.AskAsync(Actions.Delete, Configured.Listener, "", Http);
        var fault = await service.FaultAsync(Actions.Delete, Configured.Listener, "", ("Address", "*"), ("Transport", "HTTPS"));

        Assert.Equal(FaultCatalog.PolicyControlledSetting.Code, fault.Code);
        Assert.Equal("HTTPS", Assert.Single(service.Live.Current.EntriesOf(ConfigurationTable.Listeners))["Transport"]);

        ConfigurationEntry Entry(string transport, string origin)
        {
            var keys = ConfigurationTable.Listeners.Keys;
            return new ConfigurationEntry(
                ConfigurationTable.Listeners,
                System.Collections.Immutable.ImmutableDictionary<Setting, string>.Empty.Add(keys[0], "*").Add(keys[1], transport),
                origin);
        }
    }

    [Fact]
    public async Task All_resources_are_listed()
    {
        await using var service = new Configured();

        var answer = await service.AskAsync(
            Actions.Enumerate,
            Namespaces.Config + "/resource",
            $"<n:Enumerate xmlns:n='{Namespaces.Enumeration}' xmlns:w='{Namespaces.WSMan}'><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate>");

        var uris = answer.Descendants().Where(e => e.Name.LocalName == "ResourceUri").Select(e => e.Value).ToList();
        Assert.Contains(Namespaces.Config, uris);
        Assert.Contains(Configured.Listener, uris);
        Assert.Equal(13, uris.Count);
    }
}

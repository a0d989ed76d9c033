using System.Xml.Linq;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Configuration;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Configuration;

public sealed class SectionTests
{
    private const string Config = Namespaces.Config;

    [Fact]
    [Trait("Feature", "CFG-01")]
    public async Task The_whole_tree_has_the_elements_of_Windows_in_their_order()
    {
        await using var service = new Configured();

        var config = await service.GetAsync();

        Assert.All(config.DescendantsAndSelf(), element => Assert.Equal(Config, element.Name.NamespaceName));
        Assert.Equal(
            "Config MaxEnvelopeSizekb MaxTimeoutms MaxBatchItems MaxProviderRequests"
            + " Client NetworkDelayms URLPrefix AllowUnencrypted Auth Basic Digest Kerberos Negotiate Certificate CredSSP DefaultPorts HTTP HTTPS TrustedHosts"
            + " Service RootSDDL MaxConcurrentOperations MaxConcurrentOperationsPerUser EnumerationTimeoutms MaxConnections MaxPacketRetrievalTimeSeconds AllowUnencrypted"
            + " Auth Basic Kerberos Negotiate Certificate CredSSP CbtHardeningLevel DefaultPorts HTTP HTTPS IPv4Filter IPv6Filter"
            + " EnableCompatibilityHttpListener EnableCompatibilityHttpsListener CertificateThumbprint AllowRemoteAccess"
            + " Winrs AllowRemoteShellAccess IdleTimeout MaxConcurrentUsers MaxShellRunTime MaxProcessesPerShell MaxMemoryPerShellMB MaxShellsPerUser",
            string.Join(' ', config.DescendantsAndSelf().Select(e => e.Name.LocalName)));
        Assert.Equal("500", config.Element(XName.Get("MaxEnvelopeSizekb", Config))!.Value);
    }

    [Theory]
    [Trait("Feature", "CFG-02")]
    [InlineData("/client", "Client", 6)]
    [InlineData("/client/auth", "Auth", 6)]
    [InlineData("/client/defaultports", "DefaultPorts", 2)]
    [InlineData("/service", "Service", 15)]
    [InlineData("/service/auth", "Auth", 6)]
    [InlineData("/service/defaultports", "DefaultPorts", 2)]
    [InlineData("/winrs", "Winrs", 7)]
    public async Task A_part_has_a_namespace_of_its_own(string path, string name, int children)
    {
        await using var service = new Configured();

        var part = await service.GetAsync(path);

        Assert.Equal(XName.Get(name, Config + path), part.Name);
        Assert.Equal(children, part.Elements().Count());
    }

    [Theory]
    [InlineData("<c:Winrs xmlns:c='NS/winrs'><c:IdleTimeout>60000</c:IdleTimeout></c:Winrs>")]
    [InlineData("<c:Winrs xmlns:c='NS'><c:IdleTimeout> 60000 </c:IdleTimeout><c:MaxShellRunTime>2147483647</c:MaxShellRunTime></c:Winrs>")]
    public async Task A_setting_alone_or_among_others_is_changed_and_kept(string xml)
    {
        await using var service = new Configured();

        var changed = await service.AskAsync(Actions.Put, Config + "/winrs", xml.Replace("NS", Config, StringComparison.Ordinal));

        Assert.Equal("60000", changed.Element(XName.Get("IdleTimeout", Config + "/winrs"))!.Value);
        Assert.Equal(7, changed.Elements().Count());
        Assert.Equal("60000", Assert.Single(service.Saved!.Values).Value.Text);
    }

    [Theory]
    [Trait("Feature", "CFG-04")]
    [InlineData("", "MaxEnvelopeSizekb", "31", "32")]
    [InlineData("", "MaxTimeoutms", "499", "500")]
    [InlineData("/client/defaultports", "HTTP", "65536", "65535")]
    [InlineData("/service/auth", "CbtHardeningLevel", "Hard", "Strict")]
    [InlineData("/service", "AllowUnencrypted", "maybe", "TRUE")]
    [InlineData("/service", "IPv4Filter", "10.0.0.9-10.0.0.1", "10.0.0.1-10.0.0.9, 192.168.0.1")]
    [InlineData("/client", "URLPrefix", "/wsman", "a/b")]
    [InlineData("/client", "TrustedHosts", "a b", "*.example.com,<local>,[::1]")]
    [InlineData("/service", "RootSDDL", "O:NSG:BA", "O:NSG:BAD:P(A;;GA;;;BA)")]
    public async Task A_value_out_of_its_range_is_refused_and_the_nearest_inside_taken(string path, string name, string wrong, string right)
    {
        await using var service = new Configured();
        var root = (await service.GetAsync(path)).Name.LocalName;

        var fault = await service.FaultAsync(Actions.Put, Config + path, Xml(wrong));
        Assert.Equal(FaultCatalog.InvalidXmlValues.Code, fault.Code);
        Assert.Contains(name, fault.Reason, StringComparison.Ordinal);
        Assert.Null(service.Saved);

        var changed = await service.AskAsync(Actions.Put, Config + path, Xml(right));
        Assert.Equal(right, changed.Element(XName.Get(name, Config + path))!.Value, ignoreCase: true);

        string Xml(string value) => new XElement(XName.Get(root, Config), new XElement(XName.Get(name, Config), value)).ToString();
    }

    [Theory]
    [InlineData("", "MaxProviderRequests")]
    [InlineData("/service", "MaxConcurrentOperations")]
    [InlineData("/winrs", "MaxShellRunTime")]
    public async Task A_setting_without_effect_cannot_be_changed(string path, string name)
    {
        await using var service = new Configured();
        var whole = await service.GetAsync(path);
        var setting = whole.Element(XName.Get(name, Config + path))!;

        await service.AskAsync(Actions.Put, Config + path, whole.ToString()); // as it is, it may come back
        setting.Value = "7";
        var fault = await service.FaultAsync(Actions.Put, Config + path, whole.ToString());

        Assert.Equal(FaultCatalog.ReadOnlySetting.Code, fault.Code);
    }

    [Theory]
    [InlineData("<c:Winrs xmlns:c='http://x'/>", 2150858840u)]
    [InlineData("<c:Shell xmlns:c='NS/winrs'/>", 2150858773u)]
    [InlineData("<c:Winrs xmlns:c='NS/winrs'><c:idletimeout>60000</c:idletimeout></c:Winrs>", 2150858773u)]
    [InlineData("<c:Winrs xmlns:c='NS/winrs'><c:IdleTimeout>60000</c:IdleTimeout><c:IdleTimeout>60000</c:IdleTimeout></c:Winrs>", 2150858773u)]
    [InlineData("", 2150858773u)]
    public async Task A_body_that_is_no_representation_is_refused(string xml, uint code)
    {
        await using var service = new Configured();

        Assert.Equal(code, (await service.FaultAsync(Actions.Put, Config + "/winrs", xml.Replace("NS", Config, StringComparison.Ordinal))).Code);
    }

    [Fact]
    [Trait("Feature", "CFG-06")]
    public async Task The_profile_of_older_hosts_has_their_defaults()
    {
        await using var service = new Configured(ConfigurationLayer.Empty with { Compat = "2.0" });

        var winrs = await service.GetAsync("/winrs");

        Assert.Equal(
            ["180000", "10", "28800000", "25", "1024", "30"],
            winrs.Elements().Skip(1).Select(e => e.Value));
    }

    [Fact]
    public async Task Restore_brings_the_defaults_back_and_keeps_listeners()
    {
        await using var service = new Configured();
        await service.AskAsync(Actions.Create, Configured.Listener, $"<l:Listener xmlns:l='{Configured.Listener}'/>", ("Address", "*"), ("Transport", "HTTP"));
        await service.AskAsync(Actions.Put, Config, $"<c:Config xmlns:c='{Config}'><c:MaxTimeoutms>1000</c:MaxTimeoutms></c:Config>");

        await service.AskAsync(Config + "/restore", Config, $"<c:Restore_INPUT xmlns:c='{Config}'/>");

        Assert.Equal("60000", (await service.GetAsync()).Element(XName.Get("MaxTimeoutms", Config))!.Value);
        Assert.Single(service.Live.Current.EntriesOf(ConfigurationTable.Listeners));
    }

    [Fact]
    [Trait("Feature", "CFG-14")]
    public async Task What_the_policy_sets_wins_says_so_and_cannot_be_changed()
    {
        await using var service = new Configured(
            ConfigurationLayer.Empty.With("Service/Auth/Basic", "true"), ConfigurationLayer.Empty.With("Service/Auth/Basic", "false", "/etc/farwire/policy.yaml:3"));

        var basic = (await service.GetAsync("/service/auth")).Elements().First();
        Assert.Equal("false", basic.Value);
        Assert.Equal("GPO", basic.Attribute("Source")!.Value);

        var fault = await service.FaultAsync(Actions.Put, Config + "/service/auth", $"<c:Auth xmlns:c='{Config}'><c:Basic>true</c:Basic></c:Auth>");
        Assert.Equal(FaultCatalog.PolicyControlledSetting.Code, fault.Code);
        Assert.Contains("/etc/farwire/policy.yaml:3", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "CFG-15")]
    public async Task Another_RootSDDL_holds_for_the_next_request()
    {
        await using var service = new Configured();
        const string shells = Namespaces.Shell;
        Assert.Equal(FaultCatalog.AccessDenied.Code, (await service.As("stranger").FaultAsync(Exchange.Headers(Actions.Get, shells))).Code);

        await service.AskAsync(Actions.Put, Config + "/service", $"<c:Service xmlns:c='{Config}'><c:RootSDDL>O:NSG:BAD:P(A;;GA;;;AU)</c:RootSDDL></c:Service>");

        Assert.Equal(FaultCatalog.ResourceNotFound.Code, (await service.As("stranger").FaultAsync(Exchange.Headers(Actions.Get, shells))).Code);
    }

    [Fact]
    [Trait("Feature", "AUT-19")]
    public async Task Only_administrators_read_the_configuration()
    {
        await using var service = new Configured();

        Assert.Equal(FaultCatalog.AccessDenied.Code, (await service.As("stranger").FaultAsync(Exchange.Headers(Actions.Get, Config))).Code);
    }

    [Fact]
    public async Task A_change_that_cannot_be_kept_does_not_count()
    {
        await using var service = new Configured { IsDiskFull = true };

        var fault = await service.FaultAsync(Actions.Put, Config, $"<c:Config xmlns:c='{Config}'><c:MaxTimeoutms>1000</c:MaxTimeoutms></c:Config>");

        Assert.Contains("No space left on device", fault.Reason, StringComparison.Ordinal);
        Assert.Equal("60000", (await service.GetAsync()).Element(XName.Get("MaxTimeoutms", Config))!.Value);
    }

    [Fact]
    public async Task A_smaller_envelope_holds_for_the_next_request()
    {
        await using var service = new Configured();

        await service.AskAsync(Actions.Put, Config, $"<c:Config xmlns:c='{Config}'><c:MaxEnvelopeSizekb>32</c:MaxEnvelopeSizekb></c:Config>");
        var fault = await service.FaultAsync(Actions.Put, Config, $"<c:Config xmlns:c='{Config}'>{new string(' ', 33 * 1024)}</c:Config>");

        Assert.Equal(FaultCatalog.ServiceEnvelopeLimit.Code, fault.Code);
    }
}

using System.Security.Claims;
using Farwire.Protocol.Names;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Loopback;
using Farwire.TestKit;

namespace Farwire.Service.Tests.Access;

public sealed class AccessTests
{
    private const string Class = ResourceUris.WmiCimV2 + "/Win32_Service";

    [Theory]
    [InlineData("root", "", Actions.Put, ResourceUris.Config, true)]
    [InlineData("eve", "", Actions.Get, ResourceUris.Config, false)]
    [InlineData("eve", "remote-management", Actions.Get, ResourceUris.Config, false)]
    [InlineData("eve", "farwire-admin", Actions.Get, ResourceUris.Config, true)]
    [InlineData("eve", "", Actions.Get, Class, false)]
    [InlineData("eve", "remote-management", Actions.Get, Class, true)]
    [InlineData("eve", "remote-management", Class + "/StopService", Class, true)]
    [InlineData("eve", "remote-management", Actions.Create, ResourceUris.CommandShell, true)]
    [InlineData("eve", "wheel", Actions.Receive, ResourceUris.CommandShell, false)]
    [InlineData("eve", "", Actions.Get, "urn:anything", false)]
    [InlineData("", "", Actions.Get, Class, false)]
    public void Groups_of_Unix_decide_as_those_of_Windows_would(string account, string group, string action, string resourceUri, bool granted) =>
        Assert.Equal(granted, AccessPolicy.Default.Decide(Remote(account, group), action, resourceUri).IsGranted);

    [Theory]
    [InlineData(Actions.Get, "D:(A;;GR;;;AU)", true)]
    [InlineData(Actions.Enumerate, "D:(A;;GR;;;AU)", true)]
    [InlineData(Actions.Put, "D:(A;;GR;;;AU)", false)]
    [InlineData(Actions.Put, "D:(A;;GW;;;AU)", true)]
    [InlineData(Actions.Create, "D:(A;;GW;;;AU)", true)]
    [InlineData(Actions.Delete, "D:(A;;GW;;;AU)", true)]
    [InlineData("urn:x/Explode", "D:(A;;GRGW;;;AU)", false)]
    [InlineData("urn:x/Explode", "D:(A;;GX;;;AU)", true)]
    [InlineData(Actions.Get, "D:(D;;GR;;;NU)(A;;GA;;;AU)", false)]
    [InlineData(Actions.Get, "D:(A;;GA;;;AU)(D;;GR;;;NU)", true)]
    [InlineData(Actions.Get, "D:(A;IO;GA;;;AU)", false)]
    [InlineData(Actions.Get, "D:(A;;GA;;;AN)", false)]
    [InlineData(Actions.Get, "D:", false)]
    public void Entries_count_in_their_order(string action, string sddl, bool granted)
    {
        var policy = new AccessPolicy { Root = SecurityDescriptor.Parse(sddl), Rules = [] };

        Assert.Equal(granted, policy.Decide(Remote("eve", ""), action, "urn:x").IsGranted);
    }

    [Theory]
    [InlineData("urn:a", "root")]
    [InlineData("urn:a/b", "prefix")]
    [InlineData("urn:a/b/d", "prefix")]
    [InlineData("urn:a/b/c", "longer")]
    [InlineData("URN:A/B/C/d", "longer")]
    [InlineData("urn:a/bc", "root")]
    [InlineData("urn:a/b/c/exact", "exact")]
    [InlineData("urn:a/b/c/exact/more", "longer")]
    public void The_rule_that_says_most_about_a_URI_decides(string resourceUri, string expected)
    {
        var policy = new AccessPolicy { Root = Tagged("root"), Rules = [Rule("urn:a/b", false, "prefix"), Rule("urn:a/b/c/exact", true, "exact"), Rule("urn:a/b/c", false, "longer")] };

        Assert.Equal(Tagged(expected).Text, policy.DescriptorOf(resourceUri).Text);

        static AccessRule Rule(string uri, bool exact, string tag) => new(uri, exact, Tagged(tag));
        static SecurityDescriptor Tagged(string tag) => SecurityDescriptor.Parse($"D:(A;;{tag.Length};;;WD)");
    }

    [Fact]
    public void A_domains_groups_mean_nobody_without_the_domain()
    {
        Assert.True(Sid.TryParse("S-1-5-21-1-2-3", out var domain));
        var computer = new Caller(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.GroupSid, "S-1-5-21-1-2-3-515")], "Kerberos")), "192.0.2.1");
        var stranger = new Caller(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.GroupSid, "S-1-5-21-9-9-9-515")], "Kerberos")), "192.0.2.1");
        var alone = new AccessPolicy { Root = SecurityDescriptor.Parse("O:NSG:NSD:(A;;GA;;;DC)(A;;GA;;;NS)") };
        var joined = new AccessPolicy { Root = alone.Root, Domain = domain };

        Assert.False(alone.Decide(computer, Actions.Get, "urn:x").IsGranted);
        Assert.True(joined.Decide(computer, Actions.Get, "urn:x").IsGranted);
        Assert.False(joined.Decide(stranger, Actions.Get, "urn:x").IsGranted);
    }

    [Theory]
    [InlineData(true, "192.0.2.1", false, false)]
    [InlineData(true, "", false, true)]
    [InlineData(true, "192.0.2.1", true, true)]
    [InlineData(false, "192.0.2.1", false, true)]
    public void A_local_account_is_no_administrator_over_the_network_while_it_is_filtered(bool filter, string address, bool ofDomain, bool administrator)
    {
        var policy = new AccessPolicy { FilterLocalAccounts = filter };

        Assert.Equal(administrator, policy.TokenOf(Member("eve", "farwire-admin", address, ofDomain)).IsAdministrator);
        Assert.True(policy.TokenOf(Member("root", "", address, ofDomain)).IsAdministrator);
    }

    [Theory]
    [InlineData(Actions.Put, true, true)]
    [InlineData(Actions.Get, true, false)]
    [InlineData(Actions.Get, false, true)]
    public void The_SACL_says_what_is_written_down(string action, bool granted, bool audited)
    {
        var policy = new AccessPolicy { Root = SecurityDescriptor.Parse((granted ? "D:(A;;GA;;;AU)" : "D:") + "S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"), Rules = [] };

        Assert.Equal((granted, audited), policy.Decide(Remote("eve", ""), action, "urn:x"));
    }

    [Theory]
    [InlineData("root/cimv2", NamespaceRights.Enable, true)]
    [InlineData("root\\cimv2", NamespaceRights.MethodExecute, false)]
    [InlineData("root/cimv2/child", NamespaceRights.Enable, false)]
    [InlineData("root/other", NamespaceRights.Enable, true)]
    [InlineData("elsewhere", NamespaceRights.MethodExecute, true)]
    public void Namespaces_have_descriptors_of_their_own(string ns, NamespaceRights rights, bool granted)
    {
        var policy = new AccessPolicy
        {
            NamespaceSecurity = new NamespaceSecurity([
                new("root", SecurityDescriptor.Parse("D:(A;CI;CCWP;;;AU)")),
                new("ROOT/CIMV2", SecurityDescriptor.Parse("D:(A;;CCWP;;;AU)")),
            ]),
        };

        Assert.Equal(granted, policy.NamespaceSecurity.Grants(policy.TokenOf(Remote("eve", "")), ns, rights));
    }

    [Fact]
    [Trait("Feature", "AUT-15")]
    public async Task Who_has_no_right_gets_AccessDenied_and_the_resource_is_not_asked()
    {
        await using var shelf = new Shelf().With(1);
        await using var stranger = new LoopbackChannel(shelf.Dispatcher, Caller.Named("eve", "192.0.2.1", account: "eve"));

        var fault = await stranger.FaultAsync(Exchange.Headers(Actions.Delete, ShelfResource.Uri, ("Name", "box00000")));

        Assert.Equal(5u, fault.Code);
        Assert.Equal("w:AccessDenied", fault.Subcode);
        using var kept = await shelf.Channel.AskAsync(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box00000")));
        Assert.Null(kept.Fault);
    }

    private static Caller Remote(string account, string group) => Member(account, group, "192.0.2.1", ofDomain: false);

    private static Caller Member(string account, string group, string address, bool ofDomain)
    {
        List<Claim> claims = [new(ClaimTypes.Name, "someone"), new(CallerClaims.Account, account), new(CallerClaims.Group, group)];
        if (ofDomain)
        {
            claims.Add(new Claim(CallerClaims.Domain, "1"));
        }

        return new Caller(new ClaimsPrincipal(new ClaimsIdentity(claims, account.Length > 0 ? "Test" : null)), address);
    }
}

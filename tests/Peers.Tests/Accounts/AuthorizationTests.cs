using System.Net;
using Farwire.AspNetCore;
using Farwire.Hosting;
using Farwire.Security.Accounts;
using Farwire.Service.Access;
using Farwire.Service.Configuration;

namespace Farwire.Peers.Tests.Accounts;

/// <summary>The service of this machine under a policy, asked by curl: by ann, who is an administrator by name, and by bob, who is one by membership at most.</summary>
public sealed class AuthorizationTests
{
    private const string InCimv2 = Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem";
    private const string InStandardCimv2 = Soap.Microsoft + "/wmi/root/standardcimv2/MSFT_NetAdapter";

    [Fact]
    [Trait("Feature", "AUT-16")]
    public async Task A_namespace_is_closed_to_whom_its_descriptor_does_not_name()
    {
        await using var service = await StartAsync(new AccessPolicy
        {
            Rules = [new AccessRule(Soap.Microsoft + "/wmi", false, SecurityDescriptor.Parse("O:NSG:BAD:P(A;;GA;;;AU)"))],
            NamespaceSecurity = new NamespaceSecurity([new("root/cimv2", SecurityDescriptor.Parse("O:BAG:BAD:P(A;CI;CCDCLCSWRPWP;;;BA)"))]),
        });

        Assert.Equal((200, ""), await EnumerateAsync(service, "ann", InCimv2));
        Assert.Equal((500, "5"), await EnumerateAsync(service, "bob", InCimv2));
        Assert.Equal((200, ""), await EnumerateAsync(service, "bob", InStandardCimv2));
    }

    [Theory]
    [InlineData(false, 200, "")]
    [InlineData(true, 500, "5")]
    [Trait("Feature", "AUT-17")]
    public async Task Over_the_network_a_local_account_is_no_administrator_by_membership_when_it_is_filtered(bool filters, int status, string code)
    {
        await using var service = await StartAsync(new AccessPolicy
        {
            Groups = [new WellKnownGroup(Sid.Administrators, [Environment.UserName], ["daemon"])],
            FilterLocalAccounts = filters,
        });

        Assert.Equal((200, ""), await EnumerateAsync(service, "ann", InCimv2));
        Assert.Equal((status, code), await EnumerateAsync(service, "bob", InCimv2));
    }

    private static async Task<(int Status, string Code)> EnumerateAsync(MachineService service, string user, string uri)
    {
        var answer = await new Curl(service.Addresses[0].ToString(), user + ":secret").SendAsync(Soap.Enumerate(uri, "<w:OptimizeEnumeration/><w:MaxElements>1</w:MaxElements>"));
        return (answer.Status, answer.Code);
    }

    private static Task<MachineService> StartAsync(AccessPolicy policy)
    {
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", Environment.UserName, PasswordHash.Of("secret", 1000)));
        users.Put(new StoredUser("bob", "daemon", PasswordHash.Of("secret", 1000)));
        var settings = ConfigurationLayer.Empty.With("Service/AllowUnencrypted", "true").With("Service/Auth/Basic", "true");
        return MachineService.StartAsync(new MachineServiceOptions
        {
            Listeners = [new Listener(new IPEndPoint(IPAddress.Loopback, 0))],
            Configuration = new LiveConfiguration(new ServiceConfiguration(settings, ConfigurationLayer.Empty, ConfigurationLayer.Empty)),
            Users = users,
            Access = policy,
        });
    }
}

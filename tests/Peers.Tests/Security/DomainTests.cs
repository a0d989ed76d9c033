using System.Text;
using Farwire.Protocol.Names;
using Farwire.Security.Kerberos;
using Farwire.Security.Spnego;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>Groups of a domain, from tickets that Samba's domain controller issues, decide who may do what.</summary>
[Collection(nameof(SambaDomain))]
public sealed class DomainTests(SambaDomain domain)
{
    [Theory]
    [InlineData("alice", "group", true)]
    [InlineData("mallory", "group", false)]
    [InlineData("mallory", "DU", true)]
    [InlineData("alice", "DA", false)]
    [InlineData("alice", "BA", false)]
    [Trait("Feature", "AUT-04")]
    public async Task A_descriptor_that_names_a_group_of_the_domain_decides(string user, string trustee, bool granted)
    {
        domain.Need();
        Commands.Need("/usr/bin/curl");
        Assert.True(Sid.TryParse(domain.Sid, out var sid));
        using var kerberos = KerberosService.Open(domain.Keytab, accountOf: (_, _) => null, takesDomainMembersWithoutAccount: true);
        await using var edge = await EdgeService.StartAsync(
            options: new ServiceOptions
            {
                Access = new AccessPolicy { Root = SecurityDescriptor.Parse($"O:NSG:BAD:P(A;;GR;;;{(trustee == "group" ? domain.GroupSid : trustee)})"), Domain = sid },
            },
            schemes: (_, _) => NegotiateScheme.For(null, kerberos));

        var read = await AskAsync(edge, user, Actions.Get);
        var changed = await AskAsync(edge, user, Actions.Delete);

        Assert.Contains(granted ? "box1" : "w:AccessDenied", read, StringComparison.Ordinal);
        Assert.Contains("w:AccessDenied", changed, StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(EdgeService edge, string user, string action) => (await Commands.RunAsync(
        "/usr/bin/env",
        [
            .. (await domain.ClientAsync(user)).Select(v => $"{v.Key}={v.Value}"), "/usr/bin/curl", "-s", "--negotiate", "-u", ":", "-H", "Content-Type: application/soap+xml;charset=UTF-8",
            "--data-binary", Encoding.UTF8.GetString(EdgeService.Bytes(Exchange.Headers(action, ShelfResource.Uri, ("Name", "box1")))), $"http://localhost:{edge.Http.Port}/wsman",
        ])).Output;
}

using System.Collections.Concurrent;
using System.Globalization;
using Farwire.Peers.Tests.Administration;
using Farwire.Peers.Tests.Security;
using Farwire.Protocol.Eventing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;
using Farwire.Security.Accounts;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Collecting;

/// <summary>Who the built collector is at its sources, with tickets of MIT's KDC.</summary>
public sealed class CredentialTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    [Fact]
    [Trait("Feature", "WEC-07")]
    public async Task Default_LocalMachine_and_Negotiate_prove_the_account_the_machine_and_the_user()
    {
        realm.Need();
        using var kerberos = KerberosService.Open(realm.Keytab, accountOf: (_, _) => Environment.UserName);
        var log = new EventLogDouble();
        await using var source = await EdgeService.StartAsync(
            allowUnencrypted: false,
            options: new ServiceOptions { Access = AccessPolicy.Authenticated },
            more: catalog => catalog.Add(ResourceUris.EventLog, log),
            schemes: (users, secrets) => NegotiateScheme.For(new NtlmService(users, secrets, new GuessLimit(TimeProvider.System), TimeProvider.System), kerberos));
        await using var both = await TwoProcesses.StartAsync(settings: new Dictionary<string, string>(realm.Client) { ["KRB5_KTNAME"] = realm.Keytab });
        var port = source.Http.Port;

        await CreateAsync(both, "default", port, "<CredentialsType>Default</CredentialsType>");
        await CreateAsync(both, "machine", port, "<CredentialsType>LocalMachine</CredentialsType>");
        await CreateAsync(both, "ticket", port, $"<CredentialsType>Negotiate</CredentialsType><CommonUserName>{KerberosRealm.Stranger}@{KerberosRealm.Name}</CommonUserName><CommonPassword>{KerberosRealm.Password}</CommonPassword>");
        await CreateAsync(both, "ntlm", port, "<CredentialsType>Negotiate</CredentialsType><CommonUserName>Nobody</CommonUserName><CommonPassword>x</CommonPassword>", "<UserName>Ann</UserName><Password>secret</Password>");
        await CreateAsync(both, "wrong", port, "<CredentialsType>Negotiate</CredentialsType><CommonUserName>Ann</CommonUserName><CommonPassword>not-it</CommonPassword>");

        await AdministeredService.UntilAsync(() => Task.FromResult(log.Callers.Count == 4));
        Assert.Equal($"{KerberosRealm.User}@{KerberosRealm.Name}", log.Callers["default"], ignoreCase: true);
        Assert.Equal($"HTTP/localhost@{KerberosRealm.Name}", log.Callers["machine"], ignoreCase: true);
        Assert.Equal($"{KerberosRealm.Stranger}@{KerberosRealm.Name}", log.Callers["ticket"], ignoreCase: true);
        Assert.Equal("Ann", log.Callers["ntlm"], ignoreCase: true);
        await AdministeredService.UntilAsync(async () => (await both.RunAsync("wecutil", "gr", "wrong")).Output.Contains("RunTimeStatus: Trying\n\t\t\tLastError: 5\n", StringComparison.Ordinal));

        foreach (var name in log.Callers.Keys)
        {
            await AdministeredService.UntilAsync(async () => (await both.RunAsync("wecutil", "gr", name)).Output.Contains("RunTimeStatus: Active", StringComparison.Ordinal));
            var shown = (await both.RunAsync("wecutil", "gs", name)).Output + (await both.RunAsync("wecutil", "gs", name, "/f:xml")).Output;
            Assert.DoesNotContain("secret", shown, StringComparison.Ordinal);
            Assert.DoesNotContain(KerberosRealm.Password, shown, StringComparison.Ordinal);
        }
    }

    private static async Task CreateAsync(TwoProcesses both, string name, int port, string credentials, string own = "")
    {
        var file = Path.Combine(both.Config, name + ".xml");
        await File.WriteAllTextAsync(file, $"""
            <Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>{name}</SubscriptionId><SubscriptionType>CollectorInitiated</SubscriptionType>
            <Query><![CDATA[<QueryList><Query Path="Security"><Select>*</Select></Query></QueryList>]]></Query><TransportName>http</TransportName><TransportPort>{port.ToString(CultureInfo.InvariantCulture)}</TransportPort>
            {credentials}<EventSources><EventSource><Address>localhost</Address>{own}</EventSource></EventSources></Subscription>
            """);
        var created = await both.RunAsync("wecutil", "cs", file);
        Assert.True(created.ExitCode == 0, created.Errors);
    }

    /// <summary>A log in which nothing happens, and who asked for its events, by subscription.</summary>
    private sealed class EventLogDouble : ISubscribeResource
    {
        public ConcurrentDictionary<string, string> Callers { get; } = new();

        public ValueTask<IEnumerationCursor> SubscribeAsync(OperationContext context, Subscribe request)
        {
            Callers[context.Options["SubscriptionName"]!] = context.Caller.Name;
            return ValueTask.FromResult<IEnumerationCursor>(new Silence());
        }

        private sealed class Silence : IEnumerationCursor
        {
            public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return false;
            }

            public void WriteObject(XmlUtf8Writer xml) => throw new InvalidOperationException("There is no event.");

            public void WriteReference(XmlUtf8Writer xml) => throw new InvalidOperationException("There is no event.");

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

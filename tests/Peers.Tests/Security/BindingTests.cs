using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.AspNetCore;
using Farwire.Hosting;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.Service.Configuration;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>CbtHardeningLevel over TLS, with a client of others that binds rightly, wrongly or not at all.</summary>
public sealed class BindingTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    [Theory]
    [InlineData(BindingLevel.None, true, true, true)]
    [InlineData(BindingLevel.Relaxed, true, true, false)]
    [InlineData(BindingLevel.Strict, false, true, false)]
    [Trait("Feature", "AUT-08")]
    public async Task Kerberos_bindings_count_as_the_level_says(BindingLevel level, bool none, bool right, bool wrong)
    {
        realm.Need();
        await Python.NeedGssapiAsync(ntlm: false);
        using var kerberos = KerberosService.Open(realm.Keytab, level, (_, _) => Environment.UserName);

        await AssertAsync("krb5", realm.Client, (_, _) => NegotiateScheme.For(null, kerberos), none, right, wrong);
    }

    [Theory]
    [InlineData(BindingLevel.None, true, true, true)]
    [InlineData(BindingLevel.Relaxed, true, true, false)]
    [InlineData(BindingLevel.Strict, false, true, false)]
    [Trait("Feature", "AUT-08")]
    public async Task NTLM_bindings_count_as_the_level_says(BindingLevel level, bool none, bool right, bool wrong)
    {
        await Python.NeedGssapiAsync(ntlm: true);
        using var users = new UserFile("Ann", "secret");

        await AssertAsync(
            "ntlm",
            users.Environment,
            (store, key) => NegotiateScheme.For(new NtlmService(store, key, new GuessLimit(TimeProvider.System), TimeProvider.System) { BindingLevel = level }, null),
            none, right, wrong);
    }

    [Theory]
    [InlineData("None", 1)]
    [InlineData("Strict", 0)]
    [Trait("Feature", "AUT-08")]
    public async Task The_setting_of_the_service_is_the_level(string level, int answers)
    {
        await Python.NeedGssapiAsync(ntlm: true);
        using var users = new UserFile("Ann", "secret");
        using var secrets = SecretKey.Ephemeral();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var store = UserStore.InMemory();
        store.Put(new StoredUser("Ann", Environment.UserName, PasswordHash.Of("secret", 1000), secrets.Seal("Ann", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        var settings = ConfigurationLayer.Empty.With("Service/Auth/CbtHardeningLevel", level);
        await using var service = await MachineService.StartAsync(new MachineServiceOptions
        {
            Listeners = [new Listener(new IPEndPoint(IPAddress.Loopback, 0), certificate)],
            Configuration = new LiveConfiguration(new ServiceConfiguration(settings, ConfigurationLayer.Empty, ConfigurationLayer.Empty)),
            Users = store,
            Key = secrets,
        });

        var answer = await Python.AskAsync(
            new { host = "localhost", port = service.Addresses[0].Port, tls = true, binding = "none", mech = "ntlm", scheme = "Negotiate", body = NtlmTests.Identify }, users.Environment);

        Assert.Equal(answers, answer.GetProperty("answers").GetInt32());
    }

    private static async Task AssertAsync(
        string mechanism, IReadOnlyDictionary<string, string> environment, Func<UserStore, SecretKey, IReadOnlyList<IAuthenticationScheme>> schemes, bool none, bool right, bool wrong)
    {
        await using var service = await EdgeService.StartAsync(allowUnencrypted: false, schemes: schemes);
        foreach (var (binding, taken) in new[] { ("none", none), ("right", right), ("wrong", wrong) })
        {
            var answer = await Python.AskAsync(
                new { host = "localhost", port = service.Https.Port, tls = true, binding, mech = mechanism, scheme = "Negotiate", body = NtlmTests.Identify }, environment);

            Assert.True(taken == (answer.GetProperty("answers").GetInt32() == 1), $"{binding}: {answer}");
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Cim;

/// <summary>Events go to listeners that prove themselves: by a certificate that the service trusts, or by Kerberos with MIT's library.</summary>
public sealed class SecureDeliveryTests(KerberosRealm realm) : IClassFixture<KerberosRealm>, IAsyncLifetime
{
    private const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
    private const string Modes = "http://schemas.dmtf.org/wbem/wsman/1/wsman";
    private const string All = Soap.Microsoft + "/wmi/root/cimv2/*";

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-delivery-").FullName;

    private string Certificate => Path.Combine(_folder, "both.pem");

    public async ValueTask InitializeAsync()
    {
        Commands.Need("/usr/bin/openssl");
        var (file, key) = (Path.Combine(_folder, "certificate.pem"), Path.Combine(_folder, "key.pem"));
        var made = await Commands.RunAsync(
            "/usr/bin/openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", file]);
        Assert.True(made.ExitCode == 0, made.Errors);
        await File.WriteAllTextAsync(Certificate, await File.ReadAllTextAsync(file) + await File.ReadAllTextAsync(key));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Feature", "PRO-23")]
    [Trait("Feature", "PRO-24")]
    public async Task Over_https_events_and_the_end_go_to_a_listener_with_a_certificate_that_the_service_trusts()
    {
        await using var sink = await Sink.StartOverTlsAsync(Certificate);
        await using (var service = new RunningService { Settings = Trusting() })
        {
            await service.InitializeAsync();
            var told = await TellAsync(service, sink);
            Assert.Equal("mine", Header(told, "Property"));
        }

        Assert.Equal(Eventing + "/SubscriptionEnd", Header(await sink.NextAsync(), "Action"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "PRO-24")]
    [Trait("Peer", "python-gssapi")]
    public async Task With_Kerberos_in_the_policy_events_are_sealed_or_go_over_https(bool overTls)
    {
        realm.Need();
        await Python.NeedGssapiAsync(ntlm: false);
        await using var sink = await Sink.StartWithKerberosAsync(realm.Service, overTls ? Certificate : null);
        var settings = new Dictionary<string, string>(Trusting());
        foreach (var (name, value) in realm.Client)
        {
            settings[name] = value;
        }

        await using var service = new RunningService { Settings = settings };
        await service.InitializeAsync();

        // Without sealing that listener takes nothing.
        Assert.Equal("S1", Header(await TellAsync(service, sink), "Identifier"));
    }

    private Dictionary<string, string> Trusting() => new() { ["SSL_CERT_FILE"] = Certificate, ["SSL_CERT_DIR"] = _folder };

    // Subscribes, lets something happen, and gives what the listener got of it.
    private static async Task<XElement> TellAsync(RunningService service, Sink sink)
    {
        var mark = (87000 + (Random.Shared.NextDouble() * 1000)).ToString("F6", CultureInfo.InvariantCulture);
        var subscribed = await new Curl(service.Http, $"{service.User}:{service.Password}").SendAsync(Soap.Message(
            $"{Eventing}/Subscribe", All,
            $"<e:Subscribe xmlns:e=\"{Eventing}\">{sink.EndTo("E1")}<e:Delivery Mode=\"{Modes}/PushWithAck\">{sink.NotifyTo("S1")}</e:Delivery><w:Filter Dialect=\"{Soap.Microsoft}/WQL\">select * from __InstanceCreationEvent within 0.2 where TargetInstance isa 'Win32_Process' and TargetInstance.CommandLine = 'sleep {mark}'</w:Filter></e:Subscribe>"));
        Assert.True(subscribed.Status == 200, subscribed.Body);
        using var sleep = Process.Start("sleep", mark);
        var told = await NextAsync();
        Assert.Equal(sleep.Id.ToString(CultureInfo.InvariantCulture), told.Descendants().Single(e => e.Name.LocalName == "ProcessId").Value);
        return told;

        async Task<XElement> NextAsync()
        {
            try
            {
                return await sink.NextAsync();
            }
            finally
            {
                sleep.Kill();
                await sleep.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    private static string Header(XElement message, string name) => message.Descendants().First(e => e.Name.LocalName == name).Value;
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.Client;
using Farwire.Client.Connection;

namespace Farwire.Peers.Tests.Security;

/// <summary>Our client against a service of others: python3-gssapi over MIT Kerberos and gss-ntlmssp.</summary>
public sealed class ClientTests(KerberosRealm realm) : IClassFixture<KerberosRealm>
{
    private const string Answer =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header/><s:Body><i:IdentifyResponse xmlns:i=\"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd\">"
        + "<i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Theirs</i:ProductVendor><i:ProductVersion>1</i:ProductVersion></i:IdentifyResponse></s:Body></s:Envelope>";

    [Theory]
    [InlineData(AuthenticationMethod.Negotiate, false)]
    [InlineData(AuthenticationMethod.Kerberos, true)]
    [InlineData(AuthenticationMethod.Negotiate, true)]
    [Trait("Feature", "AUT-03")]
    [Trait("Feature", "PRO-27")]
    public async Task A_thousand_sealed_messages_go_over_one_connection(AuthenticationMethod method, bool kerberos)
    {
        using var service = await StartAsync(kerberos, new { answer = Answer });
        await using var client = new WSManClient(service.Options(method, kerberos, "http"));

        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal("Theirs", (await client.IdentifyAsync()).ProductVendor);
        }
    }

    [Theory]
    [InlineData(AuthenticationMethod.Negotiate, false)]
    [InlineData(AuthenticationMethod.Kerberos, true)]
    public async Task A_spoilt_answer_is_not_believed(AuthenticationMethod method, bool kerberos)
    {
        using var service = await StartAsync(kerberos, new { answer = Answer, spoil = 3 });
        await using var client = new WSManClient(service.Options(method, kerberos, "http"));
        await client.IdentifyAsync();
        await client.IdentifyAsync();

        var failure = await Assert.ThrowsAsync<WSManTransportException>(() => client.IdentifyAsync());

        Assert.Equal(TransportFailure.Authentication, failure.Failure);
        Assert.Contains("cannot be opened", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AuthenticationMethod.Negotiate, false)]
    [InlineData(AuthenticationMethod.Kerberos, true)]
    public async Task Over_TLS_the_context_is_bound_to_the_certificate(AuthenticationMethod method, bool kerberos)
    {
        var file = CertificateFile();
        try
        {
            using var right = await StartAsync(kerberos, new { answer = Answer, tls = file, binding = "right" });
            await using var client = new WSManClient(right.Options(method, kerberos, "https"));
            Assert.Equal("Theirs", (await client.IdentifyAsync()).ProductVendor);

            using var wrong = await StartAsync(kerberos, new { answer = Answer, tls = file, binding = "wrong" });
            await using var other = new WSManClient(wrong.Options(method, kerberos, "https"));
            Assert.Equal(TransportFailure.Authentication, (await Assert.ThrowsAsync<WSManTransportException>(() => other.IdentifyAsync())).Failure);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string CertificateFile()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.GetTempFileName();
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return file;
    }

    private async Task<Theirs> StartAsync(bool kerberos, object question)
    {
        if (kerberos)
        {
            realm.Need();
        }

        await Python.NeedGssapiAsync(ntlm: !kerberos);
        var users = new UserFile("ann", "s\u00e4cret");
        var environment = kerberos ? realm.Service : users.Environment;
        var (process, port) = await Python.ServeAsync(question, environment);
        return new Theirs(process, port, users, realm);
    }

    private sealed class Theirs(System.Diagnostics.Process process, int port, UserFile users, KerberosRealm realm) : IDisposable
    {
        public WSManConnectionOptions Options(AuthenticationMethod method, bool kerberos, string scheme) => new()
        {
            Address = new Uri($"{scheme}://localhost:{port}/wsman"),
            Authentication = method,
            User = kerberos ? null : "DOM\\ann",
            Password = kerberos ? null : "s\u00e4cret",
            KerberosCache = kerberos ? realm.Tickets : null,
            SkipCACheck = scheme == "https",
        };

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
            users.Dispose();
        }
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.Protocol.Names;
using Farwire.Security.Certificates;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Security;

/// <summary>Client certificates with curl and pywinrm, and with our client.</summary>
public sealed class CertificateTests(RunningService service)
{
    private const string Profile = "Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    [Theory]
    [InlineData("*", "*", null, "200")]
    [InlineData("ann@example.org", ShelfResource.Uri, null, "200")]
    [InlineData("*@example.com", "*", null, "500")]
    [InlineData("*", "urn:other/*", null, "500")]
    [InlineData("*", "*", "*", "500")]
    [InlineData("*", "*", "ann@*", "200")]
    [Trait("Feature", "AUT-06")]
    public async Task A_certificate_is_the_user_that_the_best_mapping_names(string subject, string uri, string? second, string status)
    {
        Commands.Need("/usr/bin/curl");
        using var authority = Authority();
        await using var edge = await EdgeService.StartAsync(schemes: (users, _) =>
        {
            CertificateMapping[] mappings = [new(authority.Thumbprint, subject, uri, "Ann"), .. second is null ? Array.Empty<CertificateMapping>() : [new(authority.Thumbprint, second, "*", "Ann")]];
            return [new CertificateScheme(() => mappings, new MappedUsers(users, TimeProvider.System), () => [authority], TimeProvider.System)];
        });

        var answer = await CurlAsync(edge.Https.ToString(), Pem(authority), System.Text.Encoding.UTF8.GetString(EdgeService.Bytes(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box1")))));

        Assert.EndsWith(status, answer, StringComparison.Ordinal);
        Assert.Contains(status == "200" ? "box1" : "w:AccessDenied", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theirs", "*", "*", "Nobody", "*", "*", "200")] // another issuer's mapping counts for nothing
    [InlineData("theirs", "*", "*", null, "*", "*", "500")]
    [InlineData("ours", "*", "*", "Nobody", "ann@*", "*", "500")] // the longer subject decides, and names nobody
    [InlineData("ours", "ann@*", "*", "Nobody", "*", "http://schemas.microsoft.com/*", "200")] // and before any URI
    [InlineData("ours", "*", "*", "Nobody", "*", ShelfResource.Uri, "500")] // then the longer URI
    [Trait("Feature", "AUT-06")]
    public async Task Issuer_then_subject_then_URI_decide(string issuer, string subject, string uri, string? user, string otherSubject, string otherUri, string status)
    {
        Commands.Need("/usr/bin/curl");
        using var authority = Authority();
        using var stranger = Authority();

        // With another issuer, the mapping to nobody is the stranger's and the one to Ann is ours; else both are ours.
        CertificateMapping[] mappings = issuer == "theirs"
            ? [new(stranger.Thumbprint, subject, uri, "Nobody"), .. user is null ? Array.Empty<CertificateMapping>() : [new(authority.Thumbprint, otherSubject, otherUri, "Ann")]]
            : [new(authority.Thumbprint, subject, uri, "Ann"), new(authority.Thumbprint, otherSubject, otherUri, user!)];
        await using var edge = await EdgeService.StartAsync(schemes: (users, _) => [new CertificateScheme(() => mappings, new MappedUsers(users, TimeProvider.System), () => [authority], TimeProvider.System)]);

        var answer = await CurlAsync(edge.Https.ToString(), Pem(authority), System.Text.Encoding.UTF8.GetString(EdgeService.Bytes(Exchange.Headers(Actions.Get, ShelfResource.Uri, ("Name", "box1")))));

        Assert.EndsWith(status, answer, StringComparison.Ordinal);
        Assert.Contains(status == "200" ? "box1" : "w:AccessDenied", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-20")]
    public async Task A_certificate_of_more_than_16_KB_is_refused_on_both_sides()
    {
        Commands.Need("/usr/bin/curl");
        using var authority = Authority();
        var pem = Pem(authority, bytes: 17_000);
        await using var edge = await EdgeService.StartAsync(schemes: (users, _) =>
            [new CertificateScheme(() => [new CertificateMapping(authority.Thumbprint, "*", "*", "Ann")], new MappedUsers(users, TimeProvider.System), () => [authority], TimeProvider.System)]);

        var refused = await CurlAsync(edge.Https.ToString(), pem, NtlmTests.Identify);
        var ours = await WithFileAsync(pem, file => Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "id", "-r:" + service.Https, "-a:certificate", "-c:" + file]));

        Assert.EndsWith("401", refused, StringComparison.Ordinal);
        Assert.Equal(1, ours.ExitCode);
        Assert.Contains("services take 16384 at most", ours.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-06")]
    public async Task Pywinrm_runs_commands_by_certificate()
    {
        await Python.NeedAsync("winrm", "python3-winrm");
        var pem = Path.Combine(Path.GetDirectoryName(service.ConnectionFile)!, "client.pem");

        var outcome = await Python.RunAsync("pywinrm_run.py", [service.Https, "", "", "certificate", "auto", pem, pem], new Dictionary<string, string>());

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    [Fact]
    public async Task Our_client_proves_itself_by_certificate()
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"),
            ["winrm", "get", "wmicimv2/Win32_OperatingSystem", "-r:" + service.Https, "--pin", service.CertificateSha256, "-c:" + Path.Combine(Path.GetDirectoryName(service.ConnectionFile)!, "client.pem")]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private static Task<string> CurlAsync(string address, string pem, string body) => WithFileAsync(pem, async file => (await Commands.RunAsync(
        "/usr/bin/curl", ["-sk", "-w", "%{http_code}", "--cert", file, "-H", Profile, "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", body, address])).Output);

    private static async Task<T> WithFileAsync<T>(string text, Func<string, Task<T>> use)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text);
            return await use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>One who signs certificates.</summary>
    internal static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>The certificate of ann@example.org and its key, in PEM.</summary>
    internal static string Pem(X509Certificate2 authority, int bytes = 0)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Ann", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUserPrincipalName("ann@example.org");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        if (bytes > 0)
        {
            request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[bytes], false));
        }

        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}

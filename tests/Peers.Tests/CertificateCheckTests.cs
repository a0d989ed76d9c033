using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Peers.Tests;

/// <summary>What the built winrm believes about certificates.</summary>
public sealed class CertificateCheckTests
{
    private const string Identity = """
        <i:IdentifyResponse xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Nobody</i:ProductVendor><i:ProductVersion>1</i:ProductVersion></i:IdentifyResponse>
        """;

    private const string Issuer = "its issuer 'CN=elsewhere' is not trusted here";
    private const string Name = "it is made for 'elsewhere', not for '127.0.0.1'";
    private const string Date = "it is good from";

    [Theory]
    [InlineData("right", null, "--ca")]
    [InlineData("right", Issuer)]
    [InlineData("right", null, "-skipCAcheck")]
    [InlineData("right", Issuer, "-skipCNcheck")]
    [InlineData("name", Name, "--ca")]
    [InlineData("name", Name, "-skipCAcheck")]
    [InlineData("name", Issuer, "-skipCNcheck")]
    [InlineData("name", null, "-skipCAcheck", "-skipCNcheck")]
    [InlineData("date", Date, "--ca")]
    [InlineData("date", Date, "-skipCAcheck", "-skipCNcheck")]
    [InlineData("date", null, "--pin")]
    [InlineData("name", null, "--pin")]
    [InlineData("purpose", "NotValidForUsage", "-skipCAcheck", "-skipCNcheck")]
    public async Task Each_switch_spares_its_own_check_alone(string certificate, string? refusal, params string[] switches)
    {
        var leaf = Make(certificate);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, leaf.ExportCertificatePem());
        using var peer = new RecordingPeer(_ => Identity, leaf);

        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "id", $"-r:https://127.0.0.1:{peer.Port}", .. switches.Select(s => s switch
        {
            "--ca" => "--ca=" + file,
            "--pin" => "--pin=" + Convert.ToHexStringLower(leaf.GetCertHash(HashAlgorithmName.SHA256)),
            _ => s,
        })]);
        File.Delete(file);

        if (refusal is null)
        {
            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        }
        else
        {
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains(refusal, outcome.Errors, StringComparison.Ordinal);
            Assert.Contains("0x80072F8F", outcome.Errors, StringComparison.Ordinal);
            Assert.Empty(peer.Requests);
        }
    }

    private static X509Certificate2 Make(string kind)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (kind == "name")
        {
            names.AddDnsName("elsewhere");
        }
        else
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(kind == "purpose" ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-3), kind == "date" ? now.AddDays(-1) : now.AddDays(1));
    }
}

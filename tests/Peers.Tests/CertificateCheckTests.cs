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
    [InlineData("right", Issuer, "-skipRevocationCheck")]
    [InlineData("date", Date, "--ca", "-skipRevocationCheck")]
    [Trait("Feature", "AUT-12")]
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

    [Theory]
    [InlineData("good", null)]
    [InlineData("revoked", "is not trusted: its authority has revoked 'CN=service'")]
    [InlineData("revoked", "is not trusted: its authority has revoked 'CN=service'", "-skipCNcheck")]
    [InlineData("revoked", null, "-skipRevocationCheck")]
    [InlineData("unreachable", "cannot be asked where the certificate says")]
    [InlineData("unreachable", null, "-skipRevocationCheck")]
    [InlineData("name", Name, "-skipRevocationCheck")]
    [InlineData("silent", null)]
    [Trait("Feature", "AUT-12")]
    public async Task Revocation_is_asked_where_the_certificate_says(string kind, string? refusal, params string[] switches)
    {
        using var authority = new RevokingAuthority();
        using var leaf = authority.Issue(
            kind == "name" ? "elsewhere" : null, isRevoked: kind == "revoked",
            list: kind switch { "silent" => null, "unreachable" => "http://127.0.0.1:1/list.crl", _ => authority.List });
        using var peer = new RecordingPeer(_ => Identity, leaf);

        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "id", $"-r:https://127.0.0.1:{peer.Port}", "--ca", authority.File, .. switches]);

        Assert.Equal(refusal is null ? 0 : 1, outcome.ExitCode);
        Assert.Contains(refusal ?? "", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(refusal is null, peer.Requests.Count > 0);
    }

    [Theory]
    [InlineData("V", null)]
    [InlineData("R", "is not trusted: its authority has revoked 'CN=service'")]
    [InlineData("R", null, "-skipRevocationCheck")]
    [InlineData("", "cannot be asked where the certificate says")] // OpenSSL does not know the certificate
    [Trait("Feature", "AUT-12")]
    public async Task A_responder_of_OCSP_is_asked_where_there_is_no_list(string state, string? refusal, params string[] switches)
    {
        using var authority = new RevokingAuthority();
        await using var responder = new OcspResponder();
        using var leaf = authority.Issue(null, isRevoked: false, list: null, responder.Address);
        await responder.StartAsync(authority, state.Length == 0 ? "" : $"{state}\t400101000000Z\t{(state == "R" ? "250101000000Z" : "")}\t{leaf.SerialNumber}\tunknown\t/CN=service\n");
        using var peer = new RecordingPeer(_ => Identity, leaf);

        var outcome = await Commands.RunAsync(RunningService.Program("farwire"), ["winrm", "id", $"-r:https://127.0.0.1:{peer.Port}", "--ca", authority.File, .. switches]);

        Assert.True(outcome.ExitCode == (refusal is null ? 0 : 1), outcome.Errors);
        Assert.Contains(refusal ?? "", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(refusal is null, peer.Requests.Count > 0);
    }

    [Fact]
    [Trait("Feature", "AUT-12")]
    public async Task A_host_once_trusted_keeps_its_certificate()
    {
        var settings = Directory.CreateTempSubdirectory("farwire-known-").FullName;
        using var first = Make("name");
        using var second = Make("name");
        using var peer = new RecordingPeer(_ => Identity, () => Volatile.Read(ref _shown));
        _shown = first;

        var stranger = await AskAsync();
        var met = await AskAsync("--trust-first-use");
        var known = await AskAsync();
        _shown = second;
        var changed = await AskAsync();
        var changedToo = await AskAsync("--trust-first-use");
        var file = Path.Combine(settings, "farwire", "known_hosts");
        var text = await File.ReadAllTextAsync(file);
        var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
        Directory.Delete(settings, recursive: true);

        Assert.Equal((1, 0, 0, 1, 1), (stranger.ExitCode, met.ExitCode, known.ExitCode, changed.ExitCode, changedToo.ExitCode));
        Assert.Contains("is trusted from now on", met.Errors, StringComparison.Ordinal);
        Assert.Equal("", known.Errors);
        Assert.Contains("is not the pinned one", changed.Errors, StringComparison.Ordinal);
        Assert.Contains("is not the pinned one", changedToo.Errors, StringComparison.Ordinal);
        Assert.Equal($"127.0.0.1:{peer.Port} {Convert.ToHexStringLower(first.GetCertHash(HashAlgorithmName.SHA256))}\n", text);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);

        Task<Outcome> AskAsync(params string[] switches) => Commands.RunAsync(
            "/usr/bin/env", ["XDG_CONFIG_HOME=" + settings, RunningService.Program("farwire"), "winrm", "id", $"-r:https://127.0.0.1:{peer.Port}", .. switches]);
    }

    private X509Certificate2? _shown;

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

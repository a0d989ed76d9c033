using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>Client certificates at the built service: who they are is made, changed and taken away with winrm while it runs, and curl has them.</summary>
public sealed class MappingTests
{
    private const string Profile = "Authorization: http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
    private const string OperatingSystem = Soap.Microsoft + "/wmi/root/cimv2/Win32_OperatingSystem";

    [Fact]
    [Trait("Feature", "CFG-10")]
    public async Task A_mapping_says_at_once_who_a_certificate_is_and_never_tells_its_password()
    {
        using var chain = new AuthorityChain();
        await using var service = await AdministeredService.StartAsync(("authorities/root.pem", chain.RootPem));
        var address = await CertificateListener.OpenAsync(service);
        var file = Path.Combine(service.State, "client.pem");
        chain.Issue(file, "box1.example.org");
        var mapping = $"winrm/config/service/certmapping?Issuer={chain.IssuerThumbprint}+Subject=*.example.org+URI=*";

        // 1. Certificates are no proof. 2. They are, but of nobody. 3. Of ann, with her password.
        Assert.Equal("401", await GetAsync(address, file));
        await service.AskAsync("set", "winrm/config/service/auth", "@{Certificate=\"true\"}");
        Assert.Equal("500 w:AccessDenied", await GetAsync(address, file));
        var created = await service.AskAsync("create", mapping, $"@{{UserName=\"ann\";Password=\"{AdministeredService.Password}\"}}");
        Assert.Equal("200", await GetAsync(address, file));

        // 4. Nobody is told the password, and no file has it.
        string[] told = [created, await service.AskAsync("get", mapping), await service.AskAsync("enumerate", "winrm/config/service/certmapping"), await service.CurlAsync(Soap.Enumerate(Soap.Microsoft + "/config/service/certmapping", "")), service.Log, .. Kept(service)];
        Assert.Contains("UserName = ann", told[1], StringComparison.Ordinal);
        Assert.All(told, text => Assert.DoesNotContain(AdministeredService.Password, text, StringComparison.Ordinal));
        Assert.All(told, text => Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(AdministeredService.Password)), text, StringComparison.Ordinal));

        // 5. A restart forgets nothing. 6. Another password, 7. the right one again, 8. switched off, 9. gone.
        await service.RestartAsync();
        Assert.Equal("200", await GetAsync(address, file));
        await service.AskAsync("set", mapping, "@{Password=\"another\"}");
        Assert.Equal("500 w:AccessDenied", await GetAsync(address, file));
        await service.AskAsync("set", mapping, $"@{{Password=\"{AdministeredService.Password}\"}}");
        Assert.Equal("200", await GetAsync(address, file));
        await service.AskAsync("set", mapping, "@{Enabled=\"false\"}");
        Assert.Equal("500 w:AccessDenied", await GetAsync(address, file));
        await service.AskAsync("set", mapping, "@{Enabled=\"true\"}");
        await service.AskAsync("delete", mapping);
        Assert.Equal("500 w:AccessDenied", await GetAsync(address, file));
        Assert.Equal("", await service.AskAsync("enumerate", "winrm/config/service/certmapping"));
    }

    [Fact]
    [Trait("Feature", "AUT-06")]
    public async Task The_authority_directly_above_counts_and_its_root_does_not()
    {
        using var chain = new AuthorityChain();
        using var stranger = new AuthorityChain();
        await using var service = await AdministeredService.StartAsync(
            ("authorities/root.pem", chain.RootPem),
            ("farwired.yaml", $"Service: {{ Auth: {{ Certificate: true }} }}\nCertMapping:\n  - {{ Issuer: \"{chain.RootThumbprint}\", Subject: \"*\", URI: \"*\", UserName: ann }}\n"));
        var address = await CertificateListener.OpenAsync(service);
        var (ours, theirs) = (Path.Combine(service.State, "ours.pem"), Path.Combine(service.State, "theirs.pem"));
        chain.Issue(ours, "box1.example.org");
        stranger.Issue(theirs, "box1.example.org");

        Assert.Equal("500 w:AccessDenied", await GetAsync(address, ours));
        Assert.Equal("401", await GetAsync(address, theirs));
        await service.AskAsync("create", $"winrm/config/service/certmapping?Issuer={chain.IssuerThumbprint}+Subject=*+URI=*", "@{UserName=\"ann\"}");

        Assert.Equal("200", await GetAsync(address, ours));
        Assert.Equal("401", await GetAsync(address, theirs));
    }

    private static IEnumerable<string> Kept(AdministeredService service) =>
        Directory.EnumerateFiles(service.State, "*", SearchOption.TopDirectoryOnly).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)));

    private static async Task<string> GetAsync(string address, string certificate)
    {
        Commands.Need("/usr/bin/curl");
        var answer = await Commands.RunAsync(
            "/usr/bin/curl",
            ["-sk", "-w", "\n%{http_code}", "--cert", certificate, "-H", Profile, "-H", "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary", "@-", address],
            Encoding.UTF8.GetBytes(Soap.Get(OperatingSystem)));
        var status = answer.Output[(answer.Output.LastIndexOf('\n') + 1)..];
        return answer.Output.Contains("w:AccessDenied", StringComparison.Ordinal) ? status + " w:AccessDenied" : status;
    }
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>CredSSP at the built service, switched on while it runs: to whom passwords go, and which certificate is shown.</summary>
public sealed class CredSspServiceTests
{
    [Fact]
    [Trait("Feature", "AUT-07")]
    public async Task Passwords_go_to_listed_services_alone_and_only_those_that_were_given()
    {
        await using var service = await AdministeredService.StartAsync();
        var port = new Uri(await service.ListenAsync()).Port;
        await GiveHashAsync(service);
        string[] get = ["get", "wmicimv2/Win32_OperatingSystem", $"-r:http://localhost:{port}", "-a:credssp"];

        var off = await AskAsync([.. get, "-u:ann", "--delegate-to-ntlm", "localhost"]);
        await service.AskAsync("set", "winrm/config/service/auth", "@{CredSSP=\"true\"}");
        var listed = await AskAsync([.. get, "-u:ann", "--delegate-to-ntlm", "WSMAN/localhost"]);
        var byPattern = await AskAsync([.. get, "-u:ann", "--delegate-to-ntlm", "*"]);
        var otherHost = await AskAsync([.. get, "-u:ann", "--delegate-to-ntlm", "WSMAN/elsewhere"]);
        var otherList = await AskAsync([.. get, "-u:ann", "--delegate-to", "WSMAN/localhost"]); // NTLM proves no service
        var noList = await AskAsync([.. get, "-u:ann"]);
        var nobody = await AskAsync([.. get, "--delegate-to-ntlm", "WSMAN/localhost"]);

        Assert.Equal([1, 0, 0, 1, 1, 1, 1], [off.ExitCode, listed.ExitCode, byPattern.ExitCode, otherHost.ExitCode, otherList.ExitCode, noList.ExitCode, nobody.ExitCode]);
        Assert.Contains("CredSSP", off.Errors, StringComparison.Ordinal);
        Assert.All([otherHost, otherList, noList], refused => Assert.Contains("is not on the list of services that passwords may be delegated to", refused.Errors, StringComparison.Ordinal));
        Assert.Contains("WSMAN/localhost, authenticated by NTLM,", otherList.Errors, StringComparison.Ordinal);
        Assert.Contains("0x80338", nobody.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(AdministeredService.Password, service.Log + off.Errors + otherHost.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "AUT-07")]
    public async Task The_certificate_is_the_configured_one_or_one_made_in_memory()
    {
        await using var service = await AdministeredService.StartAsync();
        var port = new Uri(await service.ListenAsync()).Port.ToString(CultureInfo.InvariantCulture);
        await CertificateListener.OpenAsync(service);
        using var known = X509CertificateLoader.LoadCertificateFromFile(CertificateListener.FileOf(service));
        await service.AskAsync("set", "winrm/config/service/auth", "@{CredSSP=\"true\"}");

        var made = await Python.RunAsync("credssp_certificate.py", ["localhost", port], new Dictionary<string, string>());
        await service.AskAsync("set", "winrm/config/service", $"@{{CertificateThumbprint=\"{known.Thumbprint}\"}}");
        var configured = await Python.RunAsync("credssp_certificate.py", ["localhost", port], new Dictionary<string, string>());
        await service.AskAsync("set", "winrm/config/service", $"@{{CertificateThumbprint=\"{new string('A', 40)}\"}}");
        var missing = await Python.RunAsync("credssp_certificate.py", ["localhost", port], new Dictionary<string, string>());

        Assert.EndsWith(" True\n", made.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(known.Thumbprint, made.Output, StringComparison.Ordinal);
        Assert.StartsWith(known.Thumbprint, configured.Output, StringComparison.Ordinal);
        Assert.Contains("CredSSP is not offered", missing.Errors, StringComparison.Ordinal);
        Assert.Contains("has no usable certificate with the thumbprint AAAA", service.Log, StringComparison.Ordinal);
    }

    private static async Task GiveHashAsync(AdministeredService service)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwired"), ["user", "passwd", "ann", "--nt-hash", "--file", Path.Combine(service.State, "users")], Encoding.UTF8.GetBytes(AdministeredService.Password + "\n"));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
    }

    private static Task<Outcome> AskAsync(string[] words) => Commands.RunAsync(
        "/usr/bin/env", ["KRB5CCNAME=FILE:/nonexistent", CredSspAllowed, "FARWIRE_PASSWORD=" + AdministeredService.Password, RunningService.Program("farwire"), "winrm", .. words]);

    // Off unless the machine says otherwise.
    private static string CredSspAllowed => "FARWIRE_CONFIG_DIR=" + Path.Combine(AppContext.BaseDirectory, "Peers", "credssp");
}

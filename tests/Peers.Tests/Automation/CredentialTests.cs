using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Client.Automation;
using Farwire.Client.Connection;
using Farwire.Peers.Tests.Security;

namespace Farwire.Peers.Tests.Automation;

/// <summary>Who a script is: asked for, by certificate, and at a proxy that others wrote.</summary>
public sealed class CredentialTests(RunningService service)
{
    [Theory]
    [InlineData("{user}\n{password}\n", null)]
    [InlineData("{user}\nwrong\n", "0x80070005")]
    [InlineData("\n", "0x80070005")]
    [InlineData("{user}\n\n", "0x80070005")]
    [InlineData("", "0x80070005")]
    [Trait("Feature", "API-12")]
    public async Task Whoever_is_not_named_is_asked_and_bad_answers_are_denied(string input, string? denied)
    {
        var answers = input.Replace("{user}", service.User, StringComparison.Ordinal).Replace("{password}", service.Password, StringComparison.Ordinal);

        var outcome = await Commands.RunAsync("env", [.. Remote(), RunningService.Program("scripting"), "prompt"], Encoding.UTF8.GetBytes(answers));

        Assert.Equal(denied is null ? 0 : 1, outcome.ExitCode);
        Assert.StartsWith(denied ?? "Win32_OperatingSystem\n", denied is null ? outcome.Output : outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "?")]
    [InlineData("known", "", "?")]
    [InlineData("known", "given", "")]
    [Trait("Feature", "API-12")]
    public void Only_what_is_missing_is_asked_for(string user, string password, string asked)
    {
        var questions = new List<string>();
        var wsman = new WSMan
        {
            Settings = new AutomationSettings
            {
                CertificateSha256 = service.CertificateSha256,
                AskUserName = prompt => Note("user", prompt, service.User),
                AskPassword = prompt => Note("password", prompt, service.Password),
            },
        };
        var options = wsman.CreateConnectionOptions();
        options.UserName = user.Length > 0 ? service.User : "";
        options.Password = password.Length > 0 ? service.Password : "";
        using var session = wsman.CreateSession(service.Https, wsman.SessionFlagCredUsernamePassword(), options);
        Assert.Empty(questions);

        session.Get("winrm/config");

        Assert.Equal(asked.Length == 0 ? [] : user.Length > 0 ? ["password"] : ["user", "password"], questions);

        string Note(string kind, string prompt, string answer)
        {
            Assert.NotEmpty(prompt);
            questions.Add(kind);
            return answer;
        }
    }

    [Fact]
    [Trait("Feature", "API-06")]
    public void A_certificate_is_found_by_its_thumbprint_and_proves_the_client()
    {
        var file = Path.Combine(Path.GetDirectoryName(service.ConnectionFile)!, "client.pem");
        using var pem = X509Certificate2.CreateFromPemFile(file);
        using var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.PersistKeySet);
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            var wsman = new WSMan { Settings = new AutomationSettings { CertificateSha256 = service.CertificateSha256 } };
            var options = wsman.CreateConnectionOptions();
            options.CertificateThumbprint = string.Join(' ', certificate.Thumbprint.Chunk(2).Select(pair => new string(pair)));
            using var session = wsman.CreateSession(service.Https, wsman.SessionFlagUseClientCertificate(), options);

            Assert.Contains("MaxEnvelopeSizekb", session.Get("winrm/config"), StringComparison.Ordinal);

            options.CertificateThumbprint = new string('0', 40);
            using var unknown = wsman.CreateSession(service.Https, wsman.SessionFlagUseClientCertificate(), options);
            Assert.Contains("is in the stores", Assert.Throws<WSManTransportException>(() => unknown.Get("winrm/config")).Message, StringComparison.Ordinal);
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    [Theory]
    [InlineData("pr0xy", 0)]
    [InlineData("wrong", 1)]
    [Trait("Feature", "API-06")]
    [Trait("Peer", "squid")]
    public async Task SetProxy_reaches_squid(string password, int exitCode)
    {
        await using var squid = await Squid.StartAsync(async folder => $"{await Squid.BasicAsync(folder, "pat", "pr0xy")}\n{Squid.KnownOnly}");

        var outcome = await Commands.RunAsync(
            "env",
            [.. Remote(), "FARWIRE_USER=" + service.User, "FARWIRE_PASSWORD=" + service.Password, $"HTTPS_PROXY=http://localhost:{squid.Port}", "NO_PROXY=",
                "FARWIRE_PROXY_USER=pat", "FARWIRE_PROXY_PASSWORD=" + password, RunningService.Program("scripting"), "proxy"]);

        Assert.True(exitCode == outcome.ExitCode, outcome.Errors);
        Assert.Contains(exitCode == 0 ? "Win32_OperatingSystem" : "The proxy", outcome.Output + outcome.Errors, StringComparison.Ordinal);
    }

    private string[] Remote() => [$"FARWIRE_REMOTE={new Uri(service.Https).Authority}", "FARWIRE_PIN=" + service.CertificateSha256];
}

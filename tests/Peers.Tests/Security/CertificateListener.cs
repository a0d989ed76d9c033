using System.Globalization;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>An HTTPS listener of the built service on loopback, with a certificate that openssl made.</summary>
internal static class CertificateListener
{
    /// <summary>Opens it, for <c>localhost</c>; answers its address.</summary>
    public static async Task<string> OpenAsync(AdministeredService service)
    {
        Commands.Need("/usr/bin/openssl");
        var folder = Directory.CreateDirectory(Path.Combine(service.Config, "certificates")).FullName;
        var made = await Commands.RunAsync(
            "/usr/bin/openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", Path.Combine(folder, "localhost.key"), "-out", FileOf(service)]);
        Assert.True(made.ExitCode == 0, made.Errors);
        var port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        await service.AskAsync("create", "winrm/config/Listener?Address=IP:127.0.0.1+Transport=HTTPS", $"@{{Port=\"{port}\";Hostname=\"localhost\"}}");
        return $"https://localhost:{port}/wsman";
    }

    /// <summary>Its certificate in PEM.</summary>
    public static string FileOf(AdministeredService service) => Path.Combine(service.Config, "certificates", "localhost.pem");
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WinRm;

/// <summary>The certificate that quickconfig makes for HTTPS when the service's folder has none for this host.</summary>
internal static class ServerCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The name it is for: the full one when the machine has a domain.</summary>
    public static string HostName { get; } = Dns.GetHostEntry("").HostName is { Length: > 0 } full && full.Contains('.', StringComparison.Ordinal) ? full : Environment.MachineName;

    public static string Folder(Call call) => call.Switches["--certificates"] ?? "/etc/farwire/certificates";

    /// <summary>True when no certificate of the folder is made for this host and valid now; the service judges the rest.</summary>
    public static bool IsMissing(Call call)
    {
        var folder = Folder(call);
        return !Directory.Exists(folder) || !Directory.EnumerateFiles(folder, "*.pem").Any(Fits);

        static bool Fits(string file)
        {
            try
            {
                using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
                return certificate.MatchesHostname(HostName) && certificate.NotAfter > DateTime.Now;
            }
            catch (CryptographicException)
            {
                return false; // some other file in PEM
            }
        }
    }

    /// <summary>Makes certificate and key; the key for the service's account alone.</summary>
    public static async Task MakeAsync(Call call)
    {
        var folder = Folder(call);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(HostName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddYears(1));
        try
        {
            Directory.CreateDirectory(folder);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var file = new StreamWriter(Path.Combine(folder, $"{HostName}.key"), System.Text.Encoding.ASCII, options))
            {
                await file.WriteLineAsync(key.ExportPkcs8PrivateKeyPem()).ConfigureAwait(false);
            }

            await File.WriteAllTextAsync(Path.Combine(folder, $"{HostName}.pem"), certificate.ExportCertificatePem() + "\n", call.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the certificate cannot be written: {e.Message} Run it as root.");
        }

        // The service in front has no rights of its own: the key must belong to its account, whose socket this is.
        string[] give = ["chown", "--reference", ConnectionSwitches.SocketOf(call.Terminal), Path.Combine(folder, $"{HostName}.key")];
        if (Environment.IsPrivilegedProcess && await Firewall.RunAsync(give, call.CancellationToken).ConfigureAwait(false) is not (0, _) and var outcome)
        {
            throw new UsageException($"the key cannot be given to the service's account: {outcome?.Output.Trim()}");
        }

        call.Terminal.Output.WriteLine($"The certificate's SHA-256, for clients to pin: {Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256))}");
    }
}

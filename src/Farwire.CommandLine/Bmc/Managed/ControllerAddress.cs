using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Bmc.Managed;

/// <summary>From the words of <c>farwire bmc --protocol wsman</c> to the options of a connection.</summary>
internal static class ControllerAddress
{
    /// <summary>The way to a controller that speaks WS-Management: Digest unless said otherwise, and https unless http is written out.</summary>
    public static WSManConnectionOptions Options(BmcLine line, string host, ReadOnlyMemory<byte> password)
    {
        try
        {
            var address = ServiceAddress.Parse(host, useTls: !ServiceAddress.IsWritten(host));
            return new WSManConnectionOptions
            {
                Address = address,
                Authentication = line["--authentication"] switch
                {
                    null or "digest" => AuthenticationMethod.Digest,
                    "basic" => AuthenticationMethod.Basic,
                    "negotiate" => AuthenticationMethod.Negotiate,
                    "kerberos" => AuthenticationMethod.Kerberos,
                    var other => throw new UsageException($"--authentication is digest, basic, negotiate or kerberos, not '{other}'."),
                },
                User = line["--user"] is { Length: > 0 } user ? user : throw new UsageException("--protocol wsman needs --user."),
                Password = Encoding.UTF8.GetString(password.Span),
                AllowUnencrypted = line.Has("--unencrypted"),
                TrustedHosts = TrustedHosts.Parse(line["--trusted-hosts"] ?? ""),
                SpnPort = line.Has("--spn-port"),
                CertificateSha256 = line["--pin"],
                TrustedAuthorities = line["--ca"] is { } file ? Authorities(file) : null,
            };
        }
        catch (FormatException e)
        {
            throw new UsageException($"{host}: {e.Message}");
        }
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--ca: {e.Message}");
        }
    }
}

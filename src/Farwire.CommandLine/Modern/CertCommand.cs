using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Doctor;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.Output;

namespace Farwire.CommandLine.Modern;

/// <summary><c>farwire cert</c>: the certificate that a service shows, its pin, and a request for one of one's own.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
public sealed class CertCommand(Terminal terminal)
{
    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase) { ["--out"] = "--out:", ["--client"] = "--client" };

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var boundary = new VerbBoundary(terminal, "cert");
        return await boundary.RunAsync(
            async () =>
            {
                var switches = Switches.Parse(arguments, Known);
                boundary.Json = OutputForms.IsJson(switches["--output"]);
                switch (switches.Words)
                {
                    case [] when switches.Has("help") || arguments.Count == 0:
                        terminal.Output.WriteLine(Help);
                        return ExitCode.Done;
                    case ["show", _] or ["pin", _]:
                        return await LookAsync(switches, boundary.Json, cancellationToken).ConfigureAwait(false);
                    case ["request", var name, .. var more]:
                        Request(name, more, switches);
                        return ExitCode.Done;
                    default:
                        throw new UsageException($"'{string.Join(' ', switches.Words)}' is none of show HOST, pin HOST, request NAME.");
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> LookAsync(Switches switches, bool json, CancellationToken cancellationToken)
    {
        var line = Switches.Parse([switches.Words[1]], Known);
        var patient = await Reception.PatientAsync(line, terminal, cancellationToken).ConfigureAwait(false);
        var name = await NetworkStages.NameAsync(patient, cancellationToken).ConfigureAwait(false);
        if (name.Health == Health.Failed)
        {
            throw new WSManTransportException(TransportFailure.NameResolution, name.Message, "Check the spelling and the name service.");
        }

        var (certificate, protocol, failure) = await TlsStage.HandshakeAsync(patient, cancellationToken).ConfigureAwait(false);
        if (certificate is null)
        {
            throw new WSManTransportException(TransportFailure.Tls, $"{patient.Address} shows no certificate: {failure ?? "it does not speak TLS"}", "Check that the port serves HTTPS (5986); plain HTTP is 5985.");
        }

        using (certificate)
        {
            Show(certificate, protocol, json);
            return switches.Words[0] == "pin" ? Pin(patient.Address, Sha256(certificate)) : ExitCode.Done;
        }
    }

    // From now on it is the only one for this host; one that was written down before is not replaced in silence.
    private int Pin(Uri address, string sha256)
    {
        var hosts = KnownHosts.Of(terminal);
        if (hosts.Keep(address, sha256))
        {
            terminal.Errors.WriteLine($"{address.Host}:{address.Port} is pinned in {hosts.Path}. Compare the SHA-256 with the service's own: 'farwired check' there, or certutil -store My on Windows.");
            return ExitCode.Done;
        }

        terminal.Errors.WriteLine($"farwire cert: {hosts.Path} has another certificate for {address.Host}:{address.Port}. If the service has a new one, remove that line; if not, somebody is in between.");
        return ExitCode.Unreachable;
    }

    private void Show(X509Certificate2 certificate, string protocol, bool json)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))).ToList();
        (string Name, string Value)[] facts =
        [
            ("subject", certificate.Subject), ("issuer", certificate.Issuer), ("names", string.Join(", ", names)),
            ("from", certificate.NotBefore.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)), ("until", certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            ("sha256", Sha256(certificate)), ("thumbprint", certificate.Thumbprint), ("tls", protocol),
        ];
        if (!json)
        {
            foreach (var (name, value) in facts)
            {
                terminal.Output.WriteLine($"{name,-11} {value}");
            }

            return;
        }

        terminal.Output.WriteLine(JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in facts)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }));
    }

    // NAME.key, which only the owner reads, and NAME.csr for an authority.
    private void Request(string name, IReadOnlyList<string> more, Switches switches)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var one in more.Prepend(name))
        {
            if (System.Net.IPAddress.TryParse(one, out var address))
            {
                names.AddIpAddress(address);
            }
            else if (one.Contains('@', StringComparison.Ordinal))
            {
                names.AddUserPrincipalName(one);
            }
            else
            {
                names.AddDnsName(one);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(switches.Has("--client") ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], critical: false));
        var file = switches["--out"] ?? name.Replace('/', '_');
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(file + ".key", options))
        {
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(file + ".csr", request.CreateSigningRequestPem() + "\n");
        terminal.Output.WriteLine($"{file}.key");
        terminal.Output.WriteLine($"{file}.csr");
    }

    private static string Sha256(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    internal const string Help = """
        farwire cert: certificates of services, and of one's own

          farwire cert show HOST            what the service shows: names, issuer, dates, SHA-256, thumbprint
          farwire cert pin HOST             the same, and from then on no other is taken for this host (known_hosts)
          farwire cert request NAME [NAME…] a key and a request for an authority: NAME.key, NAME.csr

          --out FILE       the files' name without .key and .csr
          --client         for a client that proves itself by it; else for a service
          -o json          an object

        Examples
          farwire cert show https://web1:5986
          farwire cert pin web1
          farwire cert request web1.example.org web1 10.1.2.3
          farwire cert request ann@example.org --client --out ann
        """;
}

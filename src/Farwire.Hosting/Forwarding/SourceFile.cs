using System.Net;
using System.Security.Cryptography.X509Certificates;
using Farwire.Hosting.Collecting;
using Farwire.Hosting.Configuration;
using Farwire.Source.Forwarding;
using Farwire.Source.Policy;
using Farwire.Source.Syslog;

namespace Farwire.Hosting.Forwarding;

/// <summary><c>source.yaml</c>: which collectors this machine's events go to, and as whom.</summary>
/// <param name="Options">The forwarder's own.</param>
/// <param name="Invalid">Policy lines that are none, each with the reason: the others hold.</param>
public sealed record SourceFile(EventForwarderOptions Options, IReadOnlyList<(string Line, string Reason)> Invalid)
{
    /// <summary>The journal that is read; null is this machine's.</summary>
    public string? JournalDirectory { get; init; }

    /// <summary>Where the forwarder's own events go; null is this machine's journal.</summary>
    public string? JournalSocket { get; init; }

    /// <summary>Where messages of syslog are taken.</summary>
    public IReadOnlyList<SyslogOptions> Syslog { get; init; } = [];

    /// <summary>Reads the file; without one nothing is forwarded.</summary>
    /// <param name="path">The file; need not be there.</param>
    /// <param name="folder">Where the forwarder keeps its places.</param>
    /// <exception cref="ConfigurationFileException">The file cannot be read or is wrong, with the line.</exception>
    public static SourceFile Read(string path, string folder)
    {
        // Collectors: - policy line
        // MachineId   Keytab   Certificates: files   User PasswordFile   Authorities   MaxEventsPerSecond
        // Journal:    Directory Socket
        // Syslog:     - Protocol Address Port Certificate Authorities Senders
        if (YamlEntries.Open(path) is not { } root)
        {
            return new SourceFile(new EventForwarderOptions { Folder = folder }, []);
        }

        var (collectors, invalid) = PoliciesOf(root.Texts("Collectors"));
        var identity = new SourceIdentity();
        var certificates = root.Texts("Certificates");
        identity = identity with
        {
            MachineId = root.Text("MachineId") ?? identity.MachineId,
            Keytab = root.Text("Keytab") ?? identity.Keytab,
            Certificates = [.. certificates.Select(file => root.Read(() => WithKey(file)))],
            Issuers = [.. certificates.SelectMany(file => root.Read(() => CollectorFile.Certificates(file)).Skip(1))],
            User = root.Text("User"),
            Password = root.Text("PasswordFile") is { } password ? root.Read(() => File.ReadAllText(password).TrimEnd('\r', '\n')) : null,
            Authorities = root.Text("Authorities") is { } authorities ? root.Read(() => CollectorFile.Certificates(authorities)) : null,
        };
        if (identity.User is null != identity.Password is null)
        {
            throw root.Wrong("User and PasswordFile stand together, or neither does.");
        }

        var options = new EventForwarderOptions { Folder = folder, Collectors = collectors, Identity = identity, MaxEventsPerSecond = (int)(root.Number("MaxEventsPerSecond", 0, 1_000_000) ?? 0) };
        var journal = root.Part("Journal");
        var file = new SourceFile(options, invalid) { JournalDirectory = journal?.Text("Directory"), JournalSocket = journal?.Text("Socket"), Syslog = [.. root.Parts("Syslog").Select(SyslogOf)] };
        journal?.End();
        root.End();
        return file;
    }

    private static SyslogOptions SyslogOf(YamlEntries entries)
    {
        var transport = entries.Text("Protocol") is { } name ? Enum.TryParse<SyslogTransport>(name, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? known : throw entries.Wrong($"Protocol is udp, tcp or tls, not '{name}'.") : SyslogTransport.Udp;
        var address = entries.Text("Address") is { } text ? entries.Read(() => IPAddress.Parse(text)) : IPAddress.Loopback;
        var options = new SyslogOptions(transport, new IPEndPoint(address, (int)(entries.Number("Port", 0, 65535) ?? (transport == SyslogTransport.Tls ? 6514 : 514))))
        {
            Senders = [.. entries.Texts("Senders").Select(network => entries.Read(() => IPNetwork.Parse(network.Contains('/', StringComparison.Ordinal) ? network : $"{network}/{(network.Contains(':', StringComparison.Ordinal) ? 128 : 32)}")))],
            Certificate = entries.Text("Certificate") is { } file ? entries.Read(() => WithKey(file)) : null,
            Authorities = entries.Text("Authorities") is { } authorities ? entries.Read(() => CollectorFile.Certificates(authorities)) : null,
        };
        entries.End();
        return transport != SyslogTransport.Tls || options.Certificate is not null ? options : throw entries.Wrong("tls needs a Certificate: a PEM file of certificate and key.");
    }

    private static (List<CollectorPolicy> Valid, List<(string Line, string Reason)> Invalid) PoliciesOf(IEnumerable<string> lines)
    {
        var (valid, invalid) = (new List<CollectorPolicy>(), new List<(string, string)>());
        foreach (var line in lines)
        {
            try
            {
                valid.Add(CollectorPolicy.Parse(line));
            }
            catch (FormatException e)
            {
                invalid.Add((line, e.Message));
            }
        }

        return (valid, invalid);
    }

    private static X509Certificate2 WithKey(string file)
    {
        using var pem = X509Certificate2.CreateFromPemFile(file);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null); // TLS needs a key that is not bound to the file
    }
}

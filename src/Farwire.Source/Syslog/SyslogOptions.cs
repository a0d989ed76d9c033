using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Farwire.Source.Syslog;

/// <summary>How messages travel.</summary>
public enum SyslogTransport
{
    /// <summary>A datagram a message.</summary>
    Udp,

    /// <summary>A stream.</summary>
    Tcp,

    /// <summary>A stream inside of TLS.</summary>
    Tls,
}

/// <summary>A place where messages of syslog are taken.</summary>
/// <remarks>RFC 5426 (UDP), RFC 6587 (TCP), RFC 5425 (TLS).</remarks>
public sealed record SyslogOptions(SyslogTransport Transport, IPEndPoint EndPoint)
{
    /// <summary>Who may send; nobody named means everybody.</summary>
    public IReadOnlyList<IPNetwork> Senders { get; init; } = [];

    /// <summary>The certificate of TLS, with its key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who must have signed the certificates of senders; null asks for none.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 1024;
}

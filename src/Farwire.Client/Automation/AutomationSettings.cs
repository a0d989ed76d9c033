using System.Security.Cryptography.X509Certificates;
using Farwire.Client.Connection;

namespace Farwire.Client.Automation;

/// <summary>What scripts leave to the computer they run on: the client's settings, which Windows keeps in <c>winrm/config/client</c>, and who answers a prompt.</summary>
/// <remarks>MS-WSMV, "Client configuration".</remarks>
public sealed record AutomationSettings
{
    /// <summary>Where the service of this computer listens; FARWIRE_SOCKET, or <c>/run/farwire/local.sock</c>.</summary>
    public string LocalSocket { get; init; } = Environment.GetEnvironmentVariable("FARWIRE_SOCKET") ?? "/run/farwire/local.sock";

    /// <summary>True lets messages go readable; false forbids it even to a script that asks; null leaves it to the script.</summary>
    public bool? AllowUnencrypted { get; init; }

    /// <summary>Services that may be talked to over HTTP though they prove nothing about themselves.</summary>
    public TrustedHosts TrustedHosts { get; init; } = TrustedHosts.None;

    /// <summary>The port of a bare host.</summary>
    public int HttpPort { get; init; } = 5985;

    /// <summary>The port of a bare host over TLS.</summary>
    public int HttpsPort { get; init; } = 5986;

    /// <summary>The path where a connection names none.</summary>
    public string UrlPrefix { get; init; } = "wsman";

    /// <summary>How long an answer may be on its way beyond <see cref="Session.Timeout"/>.</summary>
    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>SHA-256 of the service's certificate, in hexadecimal: trusts exactly this one.</summary>
    public string? CertificateSha256 { get; init; }

    /// <summary>Authorities to trust in place of the system's.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>Services that CredSSP may give the password to, such as <c>WSMAN/host</c>.</summary>
    public IReadOnlyList<string> DelegateTo { get; init; } = [];

    /// <summary>Asks a person for a user name; null when nobody answers. The console, or a line of redirected input.</summary>
    public Func<string, string?> AskUserName { get; init; } = ConsolePrompt.Ask;

    /// <summary>Asks a person for a password without showing it; null when nobody answers. The console, or a line of redirected input.</summary>
    public Func<string, string?> AskPassword { get; init; } = ConsolePrompt.AskSecret;
}

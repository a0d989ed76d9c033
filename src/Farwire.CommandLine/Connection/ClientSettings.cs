using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>
/// What the administrator and the user have settled for all connections: <c>/etc/farwire/client.yaml</c>, over it what <c>winrm set winrm/config/client</c>
/// changed (<c>/var/lib/farwire/client.yaml</c>), over that <c>~/.config/farwire/client.yaml</c>, and over all the policy (<c>/etc/farwire/policy.yaml</c>).
/// </summary>
/// <remarks>MS-WSMV, "Client configuration": the names and the defaults of <c>winrm/config/client</c>.</remarks>
internal sealed record ClientSettings
{
    /// <summary>What holds when no file says otherwise.</summary>
    public static ClientSettings Default { get; } = new();

    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    public string UrlPrefix { get; init; } = "wsman";

    /// <summary>Clear text may go over the network, where <c>-unencrypted</c> asks for it.</summary>
    public bool AllowUnencrypted { get; init; }

    public TrustedHosts TrustedHosts { get; init; } = TrustedHosts.None;

    public int HttpPort { get; init; } = 5985;

    public int HttpsPort { get; init; } = 5986;

    /// <summary>Methods that are switched off (Auth).</summary>
    public IReadOnlyList<AuthenticationMethod> Refused { get; init; } = [AuthenticationMethod.CredSsp];

    /// <summary>Reads the files; one that is not there says nothing.</summary>
    /// <exception cref="UsageException">A file cannot be read, or says something unknown.</exception>
    public static ClientSettings Load(Terminal terminal)
    {
        var (machine, changes) = FoldersOf(terminal);
        string[] files = [Path.Combine(machine, "client.yaml"), Path.Combine(changes, "client.yaml"), Path.Combine(Folder(terminal), "client.yaml")];
        var settings = files.Where(File.Exists).Aggregate(Default, ClientSettingsFile.Read);
        var policy = Path.Combine(machine, "policy.yaml");
        return File.Exists(policy) ? ClientSettingsFile.ReadPolicy(settings, policy) : settings;
    }

    /// <summary>Where the user's own settings are.</summary>
    public static string Folder(Terminal terminal) => Path.Combine(
        terminal.Environment("XDG_CONFIG_HOME") is { Length: > 0 } folder ? folder : Path.Combine(terminal.Environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "farwire");

    /// <summary>Refuses a method that is switched off.</summary>
    /// <exception cref="WSManTransportException">It is.</exception>
    public void Check(AuthenticationMethod method)
    {
        if (Refused.Contains(method))
        {
            throw new WSManTransportException(TransportFailure.Authentication, $"{method} is switched off on this side.", $"Choose another method, or set Auth: {method}: true in client.yaml.")
            {
                Code = method switch
                {
                    AuthenticationMethod.Basic => 0x803380DF,
                    AuthenticationMethod.Digest => 0x803380E0,
                    AuthenticationMethod.Negotiate => 0x803380E1,
                    AuthenticationMethod.Kerberos => 0x803380E2,
                    AuthenticationMethod.Certificate => 0x803380E3,
                    _ => 0x803381A2,
                },
            };
        }
    }

    /// <summary>Refuses clear text, where nobody has allowed it. What stays on this machine is read by nobody on the network.</summary>
    /// <exception cref="WSManTransportException">It is refused.</exception>
    public void CheckUnencrypted(Uri address)
    {
        if (!AllowUnencrypted && !address.IsLoopback)
        {
            throw new WSManTransportException(
                TransportFailure.Authentication, "Clear text over the network is switched off on this side (AllowUnencrypted).",
                "Leave out -unencrypted: messages are sealed then, or use https. To allow it all the same: winrm set winrm/config/client @{AllowUnencrypted=\"true\"}, or AllowUnencrypted: true in client.yaml.")
            {
                Code = 0x803380DE,
            };
        }
    }

    // Where the service of this machine has its files, or had them moved to.
    private static (string Machine, string Changes) FoldersOf(Terminal terminal) =>
        (terminal.Environment("FARWIRE_CONFIG_DIR") ?? "/etc/farwire", terminal.Environment("FARWIRE_STATE_DIR") ?? "/var/lib/farwire");
}

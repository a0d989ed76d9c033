using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Connection;

/// <summary>What the administrator and the user have settled for all connections: <c>/etc/farwire/client.yaml</c>, and over it <c>~/.config/farwire/client.yaml</c>.</summary>
/// <remarks>MS-WSMV, "Client configuration": the names of <c>winrm/config/client</c>.</remarks>
internal sealed record ClientSettings
{
    /// <summary>What holds when no file says otherwise.</summary>
    public static ClientSettings Default { get; } = new();

    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    public string UrlPrefix { get; init; } = "wsman";

    /// <summary>False refuses <c>-unencrypted</c>; null leaves it to the one who types.</summary>
    public bool? AllowUnencrypted { get; init; }

    public TrustedHosts TrustedHosts { get; init; } = TrustedHosts.None;

    public int HttpPort { get; init; } = 5985;

    public int HttpsPort { get; init; } = 5986;

    /// <summary>Methods that are switched off (Auth).</summary>
    public IReadOnlyList<AuthenticationMethod> Refused { get; init; } = [];

    /// <summary>Reads the files; one that is not there says nothing.</summary>
    /// <exception cref="UsageException">A file cannot be read, or says something unknown.</exception>
    public static ClientSettings Load(IEnumerable<string> files) => files.Where(File.Exists).Aggregate(Default, ClientSettingsFile.Read);

    /// <summary>The files of this machine and this user, the stronger one last.</summary>
    public static IEnumerable<string> Files(Terminal terminal) => [.. OfMachine, Path.Combine(Folder(terminal), "client.yaml")];

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

    private static string[] OfMachine => OperatingSystem.IsWindows() ? [] : ["/etc/farwire/client.yaml"];
}

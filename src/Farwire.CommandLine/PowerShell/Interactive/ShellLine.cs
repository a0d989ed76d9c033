using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>A command line of <c>farwire shell</c>, understood.</summary>
/// <param name="Connection">Where and who.</param>
internal sealed record ShellLine(WSManConnectionOptions Connection)
{
    private static readonly Dictionary<string, string> Known = new(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--host"] = "remote:", ["H"] = "remote:", ["--user"] = "username:", ["--unencrypted"] = "unencrypted",
        ["--configuration"] = "configuration:", ["--no-profile"] = "noprofile", ["--cmd"] = "cmd", ["--help"] = "help", ["h"] = "help", ["?"] = "help",
    };

    /// <summary>The session configuration (endpoint).</summary>
    public string Configuration { get; init; } = "Microsoft.PowerShell";

    /// <summary>Without the user's profile.</summary>
    public bool NoProfile { get; init; }

    /// <summary>The command shell, whether PowerShell is there or not.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Another configuration than the usual was asked for: nothing else can take its place.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Reads the line; null when it asks for help.</summary>
    public static ShellLine? Read(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var switches = Switches.Parse(arguments, Known);
        if (switches.Has("help"))
        {
            return null;
        }

        if (switches.Words.Count > 0)
        {
            throw new UsageException($"'{switches.Words[0]}' is too much: a session takes no command; 'farwire run' does.");
        }

        return new ShellLine(ConnectionSwitches.Read(switches, terminal, anonymous: false))
        {
            Configuration = switches["configuration"] ?? "Microsoft.PowerShell",
            IsNamed = switches.Has("configuration"),
            NoProfile = switches.Has("noprofile"),
            IsPlain = switches.Has("cmd"),
        };
    }
}

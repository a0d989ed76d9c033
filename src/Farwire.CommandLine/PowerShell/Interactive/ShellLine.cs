using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.PowerShell.Interactive;

/// <summary>A command line of <c>farwire shell</c>, understood.</summary>
/// <param name="Switches">Where and who.</param>
internal sealed record ShellLine(Switches Switches)
{
    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--configuration"] = "configuration:", ["--no-profile"] = "noprofile", ["--cmd"] = "cmd",
    };

    /// <summary>The session configuration (endpoint).</summary>
    public string Configuration => Switches["configuration"] ?? "Microsoft.PowerShell";

    /// <summary>Without the user's profile.</summary>
    public bool NoProfile => Switches.Has("noprofile");

    /// <summary>The command shell, whether PowerShell is there or not.</summary>
    public bool IsPlain => Switches.Has("cmd");

    /// <summary>Another configuration than the usual was asked for: nothing else can take its place.</summary>
    public bool IsNamed => Switches.Has("configuration");

    /// <summary>Reads the line; null when it asks for help.</summary>
    /// <exception cref="UsageException">A switch that means nothing, or a command.</exception>
    public static ShellLine? Read(IReadOnlyList<string> arguments)
    {
        var switches = Switches.Parse(arguments, Known);
        return switches.Has("help") ? null
            : switches.Words.Count == 0 ? new ShellLine(switches)
            : throw new UsageException($"'{switches.Words[0]}' is too much: a session takes no command; 'farwire run' does.");
    }
}

using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WinRs;

/// <summary>A command line of <c>winrs</c>, understood: where, with which shell, and what to run there.</summary>
internal sealed record WinRsLine(WSManConnectionOptions Connection, ShellSettings Shell, string Command)
{
    internal static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["remote"] = "remote:", ["r"] = "remote:",
        ["username"] = "username:", ["u"] = "username:",
        ["password"] = "password:", ["p"] = "password:",
        ["authentication"] = "authentication:", ["auth"] = "authentication:", ["a"] = "authentication:",
        ["certificate"] = "certificate:", ["c"] = "certificate:", ["spnport"] = "spnport",
        ["--delegate-to"] = "--delegate-to:", ["--delegate-to-ntlm"] = "--delegate-to-ntlm:",
        ["unencrypted"] = "unencrypted", ["un"] = "unencrypted",
        ["usessl"] = "usessl", ["ssl"] = "usessl",
        ["timeout"] = "oldtimeout:", ["t"] = "oldtimeout:", // deprecated by Windows too: taken, without effect
        ["directory"] = "directory:", ["d"] = "directory:",
        ["environment"] = "environment:*", ["env"] = "environment:*",
        ["noecho"] = "noecho", ["noe"] = "noecho",
        ["noprofile"] = "noprofile", ["nop"] = "noprofile",
        ["compression"] = "compression", ["comp"] = "compression",
        ["allowdelegate"] = "allowdelegate", ["ad"] = "allowdelegate",
        ["--tty"] = "--tty", ["--deadline"] = "--deadline:", ["--idle-timeout"] = "--idle-timeout:",
        ["?"] = "help", ["help"] = "help", ["--help"] = "help",
        ["--output"] = "--output:", ["--pin"] = "--pin:", ["--ca"] = "--ca:", ["--connect"] = "--connect:", ["--password-file"] = "--password-file:",
        ["--profile"] = "--profile:", ["--jump"] = "--jump:", ["--proxy"] = "--proxy:", ["--credential-helper"] = "--credential-helper:", ["--password-stdin"] = "--password-stdin",
    };

    /// <summary>Typed characters are not shown.</summary>
    public bool NoEcho { get; init; }

    /// <summary>The command runs at a terminal of its own.</summary>
    public bool Tty { get; init; }

    /// <summary>How long everything may take; null without end.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long the command may be silent; null without end.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Output as one JSON object a line.</summary>
    public bool Json { get; init; }

    /// <summary>Reads the line; null when it asks for help.</summary>
    /// <exception cref="UsageException">A switch that means nothing, or no command.</exception>
    public static WinRsLine? Read(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var switches = Switches.ParseLeading(arguments, Known);
        if (switches.Has("help") || arguments.Count == 0)
        {
            return null;
        }

        if (switches.Words.Count == 0)
        {
            throw new UsageException("the command to run is missing.");
        }

        if (switches.Has("allowdelegate") && !(switches["authentication"]?.ToUpperInvariant() is "KERBEROS" or "NEGOTIATE" or "CREDSSP"))
        {
            throw new UsageException("-allowdelegate needs Kerberos or CredSSP (-authentication); with a password in Basic there is nothing that could go on to another machine.");
        }

        return new WinRsLine(
            ConnectionSwitches.Read(switches, terminal, anonymous: false),
            new ShellSettings
            {
                WorkingDirectory = switches["directory"],
                Environment = [.. switches.All("environment").Select(Variable)],
                NoProfile = switches.Has("noprofile"),
                Compression = switches.Has("compression"),
            },
            string.Join(' ', switches.Words))
        {
            NoEcho = switches.Has("noecho"),
            Tty = switches.Has("--tty"),
            Deadline = switches["--deadline"] is { } deadline ? Seconds.Parse("--deadline", deadline) : null,
            IdleTimeout = switches["--idle-timeout"] is { } idle ? Seconds.Parse("--idle-timeout", idle) : null,
            Json = switches["--output"]?.ToUpperInvariant() switch
            {
                null or "TEXT" => false,
                "JSON" => true,
                _ => throw new UsageException($"'{switches["--output"]}' is not a form of winrs; text and json are."),
            },
        };
    }

    public static KeyValuePair<string, string> Variable(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? KeyValuePair.Create(text[..at], text[(at + 1)..])
            : throw new UsageException($"-environment:{text} is not of the form NAME=VALUE.");
}

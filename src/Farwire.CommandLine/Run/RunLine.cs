using System.Globalization;
using Farwire.Client.Connection;
using Farwire.Client.Shells;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;
using Farwire.CommandLine.PowerShell;
using Farwire.CommandLine.WinRs;

namespace Farwire.CommandLine.Run;

/// <summary>A command line of <c>farwire run</c>, understood.</summary>
internal sealed class RunLine
{
    private const int DefaultParallel = 32;
    private const int MaxParallel = 1000;

    internal static readonly Dictionary<string, string> Known = new(HostSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--directory"] = "directory:", ["d"] = "directory:",
        ["--env"] = "environment:*", ["e"] = "environment:*",
        ["--no-profile"] = "noprofile", ["--compress"] = "compression", ["--tty"] = "--tty", ["t"] = "--tty",
        ["--delegate"] = "allowdelegate",
        ["--idle-timeout"] = "--idle-timeout:",
        ["--parallel"] = "--parallel:", ["--fail-fast"] = "--fail-fast", ["--limit"] = "--limit:", ["--retry-file"] = "--retry-file:", ["--nagios"] = "--nagios",
        ["--powershell"] = "--powershell:", ["--file"] = "--file:", ["--configuration"] = "--configuration:", ["--stdin"] = "--stdin",
    };

    private RunLine(Switches switches)
    {
        Switches = switches;
        Json = switches["--output"]?.ToUpperInvariant() switch
        {
            null or "TEXT" => false,
            "JSON" or "JSONL" => true,
            "TABLE" or "LIST" or "CSV" when IsPowerShell => false,
            _ when IsPowerShell => throw new UsageException($"'{switches["--output"]}' is not a form of objects; text, table, list, json and csv are."),
            _ => throw new UsageException($"'{switches["--output"]}' is not a form of run; text and json are."),
        };
        Parallel = switches["--parallel"] is not { } many ? DefaultParallel
            : int.TryParse(many, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MaxParallel ? number
            : throw new UsageException($"--parallel is a number from 1 to {MaxParallel}, not '{many}'.");
        Deadline = switches["--deadline"] is { } deadline ? Seconds.Parse("--deadline", deadline) : null;
        IdleTimeout = switches["--idle-timeout"] is { } idle ? Seconds.Parse("--idle-timeout", idle) : null;
        Shell = new ShellSettings
        {
            WorkingDirectory = switches["directory"],
            Environment = [.. switches.All("environment").Select(WinRsLine.Variable)],
            NoProfile = switches.Has("noprofile"),
            Compression = switches.Has("compression"),
        };
    }

    public Switches Switches { get; }

    /// <summary>What to run, its words joined by blanks.</summary>
    public string Command => string.Join(' ', Switches.Words);

    public ShellSettings Shell { get; }

    /// <summary>PowerShell runs it, and not the host's own shell.</summary>
    public bool IsPowerShell => Switches.Has("--powershell") || Switches.Has("--file") || Switches.Has("--configuration");

    public bool Json { get; }

    /// <summary>How many hosts at the same time.</summary>
    public int Parallel { get; }

    /// <summary>How long everything may take.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>How long a command may be silent.</summary>
    public TimeSpan? IdleTimeout { get; }

    /// <summary>Only these of the hosts.</summary>
    public string? Limit => Switches["--limit"];

    /// <summary>Where the names of the hosts go that failed.</summary>
    public string? RetryFile => Switches["--retry-file"];

    public bool Nagios => Switches.Has("--nagios");

    /// <summary>Reads the line; null when it asks for help.</summary>
    /// <exception cref="UsageException">A switch that means nothing, or no command.</exception>
    public static RunLine? Read(IReadOnlyList<string> arguments)
    {
        var switches = Switches.ParseLeading(arguments, Known);
        return switches.Has("help") || arguments.Count == 0 ? null
            : switches.Words.Count > 0 || switches.Has("--powershell") || switches.Has("--file") ? new RunLine(switches)
            : throw new UsageException("the command to run is missing.");
    }

    /// <summary>What PowerShell shall run. With a configuration and bare words these are commands, of which no code is made.</summary>
    /// <exception cref="UsageException">Switches that do not go together, or a file that cannot be read.</exception>
    public PowerShellLine ForPowerShell(Terminal terminal)
    {
        foreach (var name in ((string[])["directory", "environment", "compression", "--tty"]).Where(Switches.Has))
        {
            throw new UsageException($"--{name.TrimStart('-')} is for a command of the host's own shell, and not for PowerShell.");
        }

        var line = (Switches["--powershell"], Switches["--file"]) switch
        {
            ({ }, { }) => throw new UsageException("--powershell and --file exclude each other."),
            ({ } code, null) => PowerShellLine.OfCode(code, Switches.Words),
            (null, { } file) => PowerShellLine.OfFile(file, Switches.Words, terminal.Input),
            _ => PowerShellLine.OfCommands(Command),
        };
        return line with
        {
            Configuration = Switches["--configuration"] ?? line.Configuration,
            NoProfile = Switches.Has("noprofile"),
            Output = Switches["--output"],
            ReadsInput = Switches.Has("--stdin"),
        };
    }

    /// <summary>The same for one host, as winrs would have it.</summary>
    public WinRsLine For(WSManConnectionOptions connection) => new(connection, Shell, Command)
    {
        Tty = Switches.Has("--tty"),
        Deadline = Deadline,
        IdleTimeout = IdleTimeout,
        Json = Json,
    };
}

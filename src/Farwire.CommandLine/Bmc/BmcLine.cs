using System.Globalization;
using System.Text;
using Farwire.CommandLine.Grammar;
using Farwire.Ipmi.Session;

namespace Farwire.CommandLine.Bmc;

/// <summary>The form of what is written.</summary>
internal enum BmcForm
{
    Table,
    Json,
    JsonLines,
    Csv,
}

/// <summary>A command line of <c>farwire bmc</c>, understood.</summary>
internal sealed class BmcLine
{
    private static readonly HashSet<string> Flags =
        ["--help", "-h", "-v", "--watch", "--plot", "--thresholds", "--wait", "--no-cache", "--uefi", "--persistent", "--unencrypted", "--spn-port"];

    // Short forms, and what they stand for.
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["-H"] = "--host", ["-u"] = "--user", ["-o"] = "--output", ["-L"] = "--privilege", ["-?"] = "--help", ["-h"] = "--help",
    };

    private static readonly HashSet<string> Valued =
    [
        "--host", "--user", "--password-file", "--kg-file", "--output", "--privilege", "--interval", "--count", "--svg", "--deadline", "--alarm", "--set",
        "--boot", "--responder", "--protocol", "--authentication", "--namespace", "--pin", "--ca", "--trusted-hosts",
    ];

    // What says how to reach a web service means nothing to IPMI.
    private static readonly string[] OfWeb = ["--authentication", "--namespace", "--pin", "--ca", "--trusted-hosts", "--unencrypted", "--spn-port"];

    /// <summary>All options as they are typed.</summary>
    public static IReadOnlyList<string> Options { get; } = [.. Valued, .. Flags];

    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);

    /// <summary>The words that are no options: the verb first.</summary>
    public List<string> Words { get; } = [];

    /// <summary>WS-Management, and not IPMI.</summary>
    public bool IsWeb { get; private set; }

    public bool WantsHelp => Has("--help");

    public BmcForm Form { get; private set; }

    public IReadOnlyList<string> Hosts => this["--host"]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public TimeSpan Interval => this["--interval"] is { } interval ? Seconds.Parse("--interval", interval) : TimeSpan.FromSeconds(5);

    public TimeSpan? Deadline => this["--deadline"] is { } deadline ? Seconds.Parse("--deadline", deadline) : null;

    /// <summary>How many rounds to watch; 0 without end.</summary>
    public int Count => this["--count"] is { } count ? Number("--count", count, 1, int.MaxValue) : 0;

    public string? this[string option] => _options.TryGetValue(option, out var values) ? values[^1] : null;

    public static BmcLine Read(IReadOnlyList<string> arguments)
    {
        var line = new BmcLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                line.Words.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (!word.StartsWith('-') || word.Length == 1)
            {
                line.Words.Add(word);
                continue;
            }

            var equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
            var name = equals < 0 ? word : word[..equals];
            name = Short.GetValueOrDefault(name, name);
            if (Valued.Contains(name))
            {
                line.Add(name, equals >= 0 ? word[(equals + 1)..] : ++i < arguments.Count ? arguments[i] : throw new UsageException($"{word} needs a value."));
            }
            else if (Flags.Contains(name) && equals < 0)
            {
                line.Add(name, "");
            }
            else
            {
                throw new UsageException($"'{word}' is not an option of farwire bmc.");
            }
        }

        line.Form = line["--output"] switch
        {
            null or "table" => BmcForm.Table,
            "json" => BmcForm.Json,
            "jsonl" => BmcForm.JsonLines,
            "csv" => BmcForm.Csv,
            var other => throw new UsageException($"-o is table, json, jsonl or csv, not '{other}'."),
        };
        line.IsWeb = line["--protocol"] switch
        {
            null or "ipmi" => false,
            "wsman" => line.Hosts.Count > 0 ? true : throw new UsageException("--protocol wsman needs --host."),
            var other => throw new UsageException($"--protocol is ipmi or wsman, not '{other}'."),
        };
        return !line.IsWeb && OfWeb.FirstOrDefault(line.Has) is { } option ? throw new UsageException($"{option} goes with --protocol wsman.") : line;
    }

    public bool Has(string option) => _options.ContainsKey(option);

    public IReadOnlyList<string> All(string option) => _options.TryGetValue(option, out var values) ? values : [];

    /// <summary>The way to a host, for a verb that needs <paramref name="least"/>.</summary>
    public LanOptions Lan(string host, ReadOnlyMemory<byte> password, PrivilegeLevel least)
    {
        var (name, port) = Split(host);
        var options = new LanOptions
        {
            Host = name,
            Port = port,
            User = this["--user"] ?? "",
            Password = password,
            Kg = this["--kg-file"] is { } file ? FirstLine("--kg-file", file) : default,
            Privilege = this["--privilege"] is { } level ? Level(level) : least,
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>The password: from the file ('-' is standard input), FARWIRE_PASSWORD, or whoever sits there.</summary>
    public ReadOnlyMemory<byte> Password(Terminal terminal)
    {
        if (this["--password-file"] is { } file)
        {
            return file == "-" ? Encoding.UTF8.GetBytes(terminal.Input.ReadLine() ?? "") : FirstLine("--password-file", file);
        }

        var user = this["--user"] ?? "";
        var password = terminal.Environment("FARWIRE_PASSWORD") ?? terminal.AskSecret($"Password of {user}: ")
            ?? throw new UsageException($"the password of '{user}' is missing: give --password-file FILE, set FARWIRE_PASSWORD, or write it on standard input.");
        return Encoding.UTF8.GetBytes(password);
    }

    public static int Number(string what, string text, int least, int most)
    {
        var (digits, style) = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? (text[2..], NumberStyles.AllowHexSpecifier) : (text, NumberStyles.None);
        return int.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{what} is a number from {least} to {most}, not '{text}'.");
    }

    private void Add(string name, string value)
    {
        if (!_options.TryGetValue(name, out var values))
        {
            _options.Add(name, values = []);
        }

        values.Add(value);
    }

    // HOST, HOST:PORT, [V6], [V6]:PORT; more than one colon without brackets is an address of IPv6.
    private static (string Host, int Port) Split(string host)
    {
        var end = host.StartsWith('[') ? host.IndexOf(']', StringComparison.Ordinal) : -1;
        if (end > 0)
        {
            var rest = host[(end + 1)..];
            return (host[1..end], rest.StartsWith(':') ? Number("the port", rest[1..], 1, ushort.MaxValue) : LanOptions.DefaultPort);
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || host.LastIndexOf(':') != colon
            ? (host, LanOptions.DefaultPort)
            : (host[..colon], Number("the port", host[(colon + 1)..], 1, ushort.MaxValue));
    }

    private static PrivilegeLevel Level(string level) => level.ToUpperInvariant() switch
    {
        "USER" => PrivilegeLevel.User,
        "OPERATOR" => PrivilegeLevel.Operator,
        "ADMINISTRATOR" or "ADMIN" => PrivilegeLevel.Administrator,
        _ => throw new UsageException($"--privilege is user, operator or administrator, not '{level}'."),
    };

    private static byte[] FirstLine(string option, string file)
    {
        try
        {
            return Encoding.UTF8.GetBytes(File.ReadLines(file).FirstOrDefault() ?? "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }
}

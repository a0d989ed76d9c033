using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.WecUtil;

/// <summary>A command line of <c>wecutil</c> taken apart.</summary>
/// <remarks>
/// Windows Event Collector, "wecutil". Case never counts, every switch has a short and a long name, and truth may be left out: <c>/e</c> is
/// <c>/e:true</c>. Connections are ours: <c>/r:HOST</c> and the long options with two dashes.
/// </remarks>
internal sealed class WecLine
{
    internal static readonly Dictionary<string, string> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["es"] = "es", ["enum-subscription"] = "es",
        ["gs"] = "gs", ["get-subscription"] = "gs",
        ["gr"] = "gr", ["get-subscriptionruntimestatus"] = "gr",
        ["ss"] = "ss", ["set-subscription"] = "ss",
        ["cs"] = "cs", ["create-subscription"] = "cs",
        ["ds"] = "ds", ["delete-subscription"] = "ds",
        ["rs"] = "rs", ["retry-subscription"] = "rs",
        ["qc"] = "qc", ["quick-config"] = "qc",
    };

    internal static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["f"] = "f", ["format"] = "f", ["u"] = "u", ["uni"] = "u", ["unicode"] = "u",
        ["c"] = "c", ["config"] = "c", ["e"] = "e", ["enabled"] = "e", ["d"] = "d", ["description"] = "d", ["ex"] = "ex", ["expires"] = "ex",
        ["uri"] = "uri", ["cm"] = "cm", ["configurationmode"] = "cm", ["q"] = "q", ["query"] = "q", ["dia"] = "dia", ["dialect"] = "dia",
        ["cf"] = "cf", ["contentformat"] = "cf", ["l"] = "l", ["locale"] = "l", ["ree"] = "ree", ["readexistingevents"] = "ree",
        ["lf"] = "lf", ["logfile"] = "lf", ["pn"] = "pn", ["publishername"] = "pn", ["dm"] = "dm", ["deliverymode"] = "dm",
        ["dmi"] = "dmi", ["deliverymaxitems"] = "dmi", ["dmlt"] = "dmlt", ["deliverymaxlatencytime"] = "dmlt", ["hi"] = "hi", ["heartbeatinterval"] = "hi",
        ["tn"] = "tn", ["transportname"] = "tn", ["tp"] = "tp", ["transportport"] = "tp", ["hn"] = "hn", ["hostname"] = "hn",
        ["ct"] = "ct", ["credentialstype"] = "ct", ["cun"] = "cun", ["commonusername"] = "cun", ["cup"] = "cup", ["commonuserpassword"] = "cup",
        ["ica"] = "ica", ["allowedissuercas"] = "ica", ["as"] = "as", ["allowedsubjects"] = "as", ["ds"] = "ds", ["deniedsubjects"] = "ds",
        ["adc"] = "adc", ["allowedsourcedomaincomputers"] = "adc", ["esa"] = "esa", ["eventsourceaddress"] = "esa", ["ese"] = "ese", ["eventsourceenabled"] = "ese",
        ["aes"] = "aes", ["addeventsource"] = "aes", ["res"] = "res", ["removeeventsource"] = "res", ["un"] = "un", ["username"] = "un",
        ["up"] = "up", ["userpassword"] = "up", ["essp"] = "essp", ["quiet"] = "quiet", ["r"] = "r", ["remote"] = "r", ["?"] = "?", ["h"] = "?", ["help"] = "?",
    };

    // Without a value these are true.
    private static readonly HashSet<string> Truths = new(StringComparer.Ordinal) { "e", "ese", "ree", "aes", "res", "u", "essp", "quiet", "?" };

    private static readonly Dictionary<string, string> ConnectionNames = new(ConnectionSwitches.Known, StringComparer.OrdinalIgnoreCase)
    {
        ["--user"] = "username:", ["--unencrypted"] = "unencrypted",
    };

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private WecLine(string verb, Switches connection) => (Verb, Connection) = (verb, connection);

    /// <summary>The verb by its short name; empty for help.</summary>
    public string Verb { get; }

    /// <summary>What follows the verb and is no switch.</summary>
    public List<string> Words { get; } = [];

    /// <summary>How the collector is reached.</summary>
    public Switches Connection { get; }

    /// <summary>The collector of another machine is meant, or one that says by itself where it is.</summary>
    public bool IsRemote => Connection.Has("remote") || Connection.Has("--connect");

    /// <summary>The short names of the switches that are there.</summary>
    public IReadOnlyCollection<string> Given => _values.Keys;

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Faults unless only these switches are there.</summary>
    public void Allow(params string[] names)
    {
        if (Given.FirstOrDefault(name => !names.Contains(name)) is { } foreign)
        {
            throw new UsageException($"/{(foreign == "quiet" ? "q" : foreign)} is not a switch of {Verb}.");
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The truth of a switch; null when it is not there.</summary>
    public bool? Truth(string name) => this[name]?.ToUpperInvariant() switch
    {
        null => null,
        "TRUE" => true,
        "FALSE" => false,
        var other => throw new UsageException($"/{name} is true or false, not '{other}'."),
    };

    public static WecLine Parse(IReadOnlyList<string> arguments)
    {
        var connection = new List<string>();
        var own = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                own.Add(arguments[i]);
                continue;
            }

            connection.Add(arguments[i]);
            if (!arguments[i].Contains('=', StringComparison.Ordinal) && arguments[i] != "--unencrypted" && i + 1 < arguments.Count)
            {
                connection.Add(arguments[++i]);
            }
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var words = own.FindAll(argument => !IsSwitch(argument));
        var isQuickConfig = words.Count > 0 && Verbs.GetValueOrDefault(words[0]) == "qc";
        own.FindAll(IsSwitch).ForEach(argument => Add(values, argument, isQuickConfig));

        if (values.Remove("r", out var host))
        {
            connection.Add("-r:" + host);
        }

        if (values.ContainsKey("?") || words.Count == 0)
        {
            return new WecLine("", Switches.Parse([], ConnectionNames));
        }

        var verb = Verbs.GetValueOrDefault(words[0])
            ?? throw new UsageException($"'{words[0]}' is not a command of wecutil; es, gs, gr, ss, cs, ds, rs and qc are.");
        var line = new WecLine(verb, Switches.Parse(connection, ConnectionNames));
        line.Words.AddRange(words.Skip(1));
        foreach (var (name, value) in values)
        {
            line._values.Add(name, value);
        }

        return line;
    }

    // A path may begin with a slash too: then what follows is more than a name.
    private static bool IsSwitch(string argument) =>
        argument.Length > 1 && (argument[0] == '-' || (argument[0] == '/' && argument[1..].Split(':')[0].All(c => char.IsAsciiLetter(c) || c is '?' or '-')));

    // The same letter is the query of ss and the quiet of qc.
    private static void Add(Dictionary<string, string> values, string argument, bool isQuickConfig)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? argument[1..] : argument[1..colon];
        var value = colon < 0 ? null : argument[(colon + 1)..];
        var known = Names.GetValueOrDefault(isQuickConfig && name.Equals("q", StringComparison.OrdinalIgnoreCase) ? "quiet" : name) ?? throw new UsageException($"{argument} is not a switch of wecutil.");
        if (value is null && !Truths.Contains(known))
        {
            throw new UsageException($"{argument} needs a value: /{known}:VALUE.");
        }

        if (!values.TryAdd(known, value ?? "true"))
        {
            throw new UsageException($"/{known} is given twice.");
        }
    }
}

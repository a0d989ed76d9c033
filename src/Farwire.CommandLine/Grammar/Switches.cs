namespace Farwire.CommandLine.Grammar;

/// <summary>A command line of the original tools taken apart: words, <c>-switch:value</c> and <c>/switch:value</c>, and our <c>--long value</c>.</summary>
public sealed class Switches
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    private Switches()
    {
    }

    /// <summary>What is not a switch, in order.</summary>
    public List<string> Words { get; } = [];

    /// <summary>The value of a switch; null when it is not there, empty when it has none.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name)?[0];

    /// <summary>True when the switch is there.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>All values of a switch that may come several times, in order.</summary>
    public IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>The same line with another value of one switch.</summary>
    public Switches With(string name, string value) => Copy([KeyValuePair.Create(name, value)], over: true);

    /// <summary>The same line, with values for switches that it does not have.</summary>
    public Switches WithDefaults(IEnumerable<KeyValuePair<string, string>> defaults) => Copy(defaults, over: false);

    /// <summary>The same line without some switches.</summary>
    public Switches Without(params IEnumerable<string> names)
    {
        var copy = Copy([], over: true);
        foreach (var name in names)
        {
            copy._values.Remove(name);
        }

        return copy;
    }

    /// <summary>Takes a command line apart.</summary>
    /// <param name="arguments">The words after the face's name.</param>
    /// <param name="known">
    /// The switches by all their names, each with the one it goes by; a name with a colon behind takes a value, with <c>:*</c> one or more.
    /// </param>
    /// <exception cref="UsageException">A switch that nobody knows, twice the same, or one without its value.</exception>
    public static Switches Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> known) => Parse(arguments, known, leading: false);

    /// <summary>Takes apart a command line whose switches stand before its first word; all after it, or after <c>--</c>, are words.</summary>
    /// <inheritdoc cref="Parse(IReadOnlyList{string}, IReadOnlyDictionary{string, string})"/>
    public static Switches ParseLeading(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> known) => Parse(arguments, known, leading: true);

    private Switches Copy(IEnumerable<KeyValuePair<string, string>> values, bool over)
    {
        var copy = new Switches();
        copy.Words.AddRange(Words);
        foreach (var (name, given) in _values)
        {
            copy._values.Add(name, given);
        }

        foreach (var (name, value) in values.Where(v => over || !Has(v.Key)))
        {
            copy._values[name] = [value];
        }

        return copy;
    }

    private static Switches Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> known, bool leading)
    {
        var switches = new Switches();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (leading && argument == "--")
            {
                switches.Words.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                var (name, value) = Split(argument[2..], '=');
                var canonical = Find(known, "--" + name, argument);
                if (TakesValue(canonical) && value is null)
                {
                    value = ++i < arguments.Count ? arguments[i] : throw new UsageException($"{argument} needs a value.");
                }

                switches.Add(canonical, value, argument);
            }
            else if (argument is "-o" && known.ContainsKey("--output"))
            {
                switches.Add("--output:", ++i < arguments.Count ? arguments[i] : throw new UsageException("-o needs a value: text, table, json, csv, yaml, xml or pretty."), argument);
            }
            else if (argument is "-h" && known.ContainsKey("--host"))
            {
                // The one letter whose case counts: -H is the host.
                switches.Add("help", null, argument);
            }
            else if (argument.Length > 1 && ((argument[0] == '-' && !char.IsAsciiDigit(argument[1])) || (argument[0] == '/' && IsSwitch(argument, known))))
            {
                var (name, value) = Split(argument[1..], ':');
                var canonical = Find(known, name, argument);

                // In the modern commands, which know --host, the value of a single letter may follow after a blank.
                if (value is null && name.Length == 1 && TakesValue(canonical) && known.ContainsKey("--host"))
                {
                    value = ++i < arguments.Count ? arguments[i] : throw new UsageException($"{argument} needs a value.");
                }

                switches.Add(canonical, value, argument);
            }
            else if (leading)
            {
                switches.Words.AddRange(arguments.Skip(i));
                break;
            }
            else
            {
                switches.Words.Add(argument);
            }
        }

        return switches;
    }

    // A path may begin with a slash too: only a known switch is one.
    private static bool IsSwitch(string argument, IReadOnlyDictionary<string, string> known) => known.ContainsKey(Split(argument[1..], ':').Name);

    private static (string Name, string? Value) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static string Find(IReadOnlyDictionary<string, string> known, string name, string argument)
    {
        if (known.TryGetValue(name, out var canonical))
        {
            return canonical;
        }

        var near = known.Keys.Where(k => k.Length > 1).MinBy(k => Distance(k.ToUpperInvariant(), name.ToUpperInvariant()));
        var hint = near is not null && Distance(near.ToUpperInvariant(), name.ToUpperInvariant()) <= 2
            ? $" Did you mean {(near.StartsWith('-') ? near : "-" + near)}?"
            : "";
        throw new UsageException($"{argument} is not a switch of this command.{hint}");
    }

    private static bool TakesValue(string canonical) => canonical.Contains(':', StringComparison.Ordinal);

    private void Add(string canonical, string? value, string argument)
    {
        if (TakesValue(canonical) && string.IsNullOrEmpty(value))
        {
            throw new UsageException($"{argument} needs a value, such as -{canonical.TrimEnd('*')}VALUE.");
        }

        if (!TakesValue(canonical) && value is not null)
        {
            throw new UsageException($"{argument} takes no value.");
        }

        var name = canonical.TrimEnd('*', ':');
        if (_values.TryAdd(name, [value ?? ""]))
        {
            return;
        }

        if (canonical.EndsWith('*'))
        {
            _values[name].Add(value ?? "");
        }
        else
        {
            throw new UsageException($"{argument} is given twice.");
        }
    }

    // Levenshtein, for names of a few characters.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}

using System.Text;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Hosts;

/// <summary>Hosts from an inventory as Ansible writes it in INI: groups, their children, and variables of both. It is read only.</summary>
/// <remarks>Ansible, "How to build your inventory"; of its variables those that say how to connect by WinRM.</remarks>
internal sealed class Inventory
{
    // What a variable says and the switch that says the same.
    private static readonly (string Fact, string Switch)[] SwitchOf =
    [
        ("ansible_user", "username"), ("ansible_password", HostSwitches.PasswordOfFile),
        ("ansible_winrm_ca_trust_path", "--ca"), ("ansible_winrm_cert_pem", "certificate"), ("ansible_winrm_transport", "authentication"),
    ];

    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal) { ["all"] = [] };
    private readonly Dictionary<string, List<string>> _children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, string>> _groupFacts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, string>> _hostFacts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _members = new(StringComparer.Ordinal);
    private readonly string _file;

    private Inventory(string file) => _file = file;

    /// <summary>The hosts of a group, or all.</summary>
    /// <exception cref="UsageException">The file cannot be read, or there is no such group.</exception>
    public static IEnumerable<HostWord> Read(string file, string? group)
    {
        var inventory = new Inventory(file);
        inventory.Read(HostList.Lines(file));
        return group is null || group == "all"
            ? inventory._hostFacts.Keys.Select(inventory.Host)
            : inventory.Members(group, []).Distinct().Select(inventory.Host);
    }

    private void Read(IReadOnlyList<string> lines)
    {
        var (section, kind) = ("all", "");
        for (var number = 1; number <= lines.Count; number++)
        {
            var line = lines[number - 1].Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                var end = line.IndexOf(']', StringComparison.Ordinal);
                var parts = end > 1 ? line[1..end].Split(':', 2) : throw Wrong(number, "a group is written [NAME], [NAME:vars] or [NAME:children]");
                (section, kind) = (parts[0], parts.Length > 1 ? parts[1] : "");
                _ = kind is "" or "vars" or "children" ? 0 : throw Wrong(number, $"'{kind}' is neither vars nor children");
                _groups.TryAdd(section, []);
                continue;
            }

            var words = Split(line, number);
            switch (kind)
            {
                case "children":
                    Of(_children, section).Add(words[0]);
                    break;
                case "vars":
                    var at = line.IndexOf('=', StringComparison.Ordinal);
                    Of(_groupFacts, section)[at > 0 ? line[..at].Trim() : throw Wrong(number, "NAME=VALUE stands here")] = Unquoted(line[(at + 1)..].Trim());
                    break;
                default:
                    AddHosts(section, words, number);
                    break;
            }
        }
    }

    private void AddHosts(string section, List<string> words, int number)
    {
        foreach (var name in HostList.Range(words[0]))
        {
            _groups[section].Add(name);
            var facts = Of(_hostFacts, name);
            foreach (var word in words.Skip(1))
            {
                var at = word.IndexOf('=', StringComparison.Ordinal);
                facts[at > 0 ? word[..at] : throw Wrong(number, $"'{word}' is not NAME=VALUE")] = word[(at + 1)..];
            }
        }
    }

    private IEnumerable<string> Members(string group, HashSet<string> seen)
    {
        if (!seen.Add(group))
        {
            return [];
        }

        return _groups.TryGetValue(group, out var own)
            ? own.Concat(_children.GetValueOrDefault(group, []).SelectMany(child => Members(child, seen)))
            : throw new UsageException($"{_file} has no group '{group}'; it has {string.Join(", ", _groups.Keys)}.");
    }

    private HashSet<string> MembersOf(string group)
    {
        if (!_members.TryGetValue(group, out var members))
        {
            _members.Add(group, members = [.. Members(group, [])]);
        }

        return members;
    }

    // The host's own word wins over its groups', those over everyone's; of two groups the one named later, as files are read.
    private HostWord Host(string name)
    {
        var facts = new Dictionary<string, string>(_groupFacts.GetValueOrDefault("all", []));
        foreach (var group in _groups.Keys.Where(g => g != "all" && MembersOf(g).Contains(name)))
        {
            Over(facts, _groupFacts.GetValueOrDefault(group, []));
        }

        Over(facts, _hostFacts[name]);
        var port = facts.GetValueOrDefault("ansible_port") ?? facts.GetValueOrDefault("ansible_winrm_port");
        var scheme = facts.GetValueOrDefault("ansible_winrm_scheme") ?? (port switch { "5985" or "80" => "http", null => null, _ => "https" });
        var address = (scheme is null ? "" : scheme + "://") + (facts.GetValueOrDefault("ansible_host") ?? name) + (port is not null ? ":" + port : scheme switch { "http" => ":5985", "https" => ":5986", _ => "" });
        return new HostWord(name, address, [.. Switches(facts)]);
    }

    private static IEnumerable<KeyValuePair<string, string>> Switches(Dictionary<string, string> facts)
    {
        foreach (var (fact, name) in SwitchOf)
        {
            if (facts.TryGetValue(fact, out var value))
            {
                // Ansible's plaintext is Basic here; the others have the same names.
                yield return KeyValuePair.Create(name, name == "authentication" && value is "plaintext" or "ssl" ? "basic" : name == "authentication" && value == "ntlm" ? "negotiate" : value);
            }
        }
    }

    private static void Over(Dictionary<string, string> facts, Dictionary<string, string> more)
    {
        foreach (var (name, value) in more)
        {
            facts[name] = value;
        }
    }

    private static T Of<T>(Dictionary<string, T> all, string name)
        where T : new()
    {
        if (!all.TryGetValue(name, out var one))
        {
            all.Add(name, one = new T());
        }

        return one;
    }

    // Words are parted by blanks; quotes hold blanks together.
    private List<string> Split(string line, int number)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        foreach (var c in line)
        {
            if (quote is null && c == '#' && word.Length == 0)
            {
                break;
            }

            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '"' or '\'')
            {
                quote = c;
            }
            else if (quote is null && char.IsWhiteSpace(c))
            {
                Take();
            }
            else
            {
                word.Append(c);
            }
        }

        Take();
        return quote is null ? words : throw Wrong(number, $"the quote {quote} does not end");

        void Take()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    private static string Unquoted(string value) => value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' ? value[1..^1] : value;

    private UsageException Wrong(int line, string problem) => new($"{_file}, line {line}: {problem}.");
}

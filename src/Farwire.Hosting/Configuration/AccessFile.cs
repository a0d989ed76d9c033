using Farwire.Service.Access;
using YamlDotNet.RepresentationModel;

namespace Farwire.Hosting.Configuration;

/// <summary>Who may do what, beyond RootSDDL: <c>access.yaml</c>, which no wire changes. It is read at start.</summary>
/// <remarks>
/// <c>DomainSid</c>, <c>FilterLocalAccounts</c>, <c>Groups</c> (Administrators, RemoteManagementUsers, EventLogReaders: each with Accounts and Groups of
/// Unix), <c>Namespaces</c> (root/cimv2: SDDL), <c>Resources</c> (a list of Uri, Sddl and Exact, beside the rules that hold anyway).
/// </remarks>
public sealed class AccessFile
{
    private const int MaxBytes = 256 * 1024;

    private static readonly Dictionary<string, Sid> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Administrators"] = Sid.Administrators, ["RemoteManagementUsers"] = Sid.RemoteManagementUsers, ["EventLogReaders"] = Sid.EventLogReaders,
    };

    private readonly string _path;

    private AccessFile(string path) => _path = path;

    /// <summary>The policy that <paramref name="path"/> says; the default one when it is not there.</summary>
    /// <exception cref="ConfigurationFileException">It cannot be read, or says something unknown.</exception>
    public static AccessPolicy Read(string path) => File.Exists(path) ? new AccessFile(path).Read() : AccessPolicy.Default;

    private AccessPolicy Read()
    {
        try
        {
            return YamlFile.Load(_path, MaxBytes) is { } root ? Policy(Entries(root).ToDictionary(e => e.Name, e => e.Value, StringComparer.OrdinalIgnoreCase)) : AccessPolicy.Default;
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationFileException(_path, 0, e.Message);
        }
    }

    private AccessPolicy Policy(Dictionary<string, YamlNode> entries)
    {
        string[] names = ["DomainSid", "FilterLocalAccounts", "Groups", "Namespaces", "Resources"];
        if (entries.FirstOrDefault(e => !names.Contains(e.Key, StringComparer.OrdinalIgnoreCase)) is { Key: { } unknown, Value: var node })
        {
            throw Wrong(node, $"there is no '{unknown}' here; known are {string.Join(", ", names)}.");
        }

        // A rule of one's own takes the place of the one that holds anyway for the same URI.
        var rules = entries.TryGetValue("Resources", out var resources) ? Items(resources).Select(Rule).ToList() : [];
        var groups = entries.TryGetValue("Groups", out var known) ? Entries(known).Select(Group).ToList() : [];
        return new AccessPolicy
        {
            Domain = entries.TryGetValue("DomainSid", out var domain) ? Sid.TryParse(Text(domain), out var sid) ? sid : throw Wrong(domain, $"'{Text(domain)}' is no SID.") : null,
            FilterLocalAccounts = entries.TryGetValue("FilterLocalAccounts", out var filters) && Flag(filters),
            Groups = [.. groups, .. WellKnownGroup.Defaults.Where(one => groups.TrueForAll(own => own.Sid != one.Sid))],
            NamespaceSecurity = entries.TryGetValue("Namespaces", out var namespaces)
                ? new NamespaceSecurity(Entries(namespaces).Select(e => KeyValuePair.Create(e.Name, Descriptor(e.Value))))
                : NamespaceSecurity.None,
            Rules = [.. rules, .. AccessPolicy.DefaultRules.Where(one => rules.TrueForAll(own => own.IsExact || !own.Uri.Equals(one.Uri, StringComparison.OrdinalIgnoreCase)))],
        };
    }

    private AccessRule Rule(YamlNode node)
    {
        var entries = Entries(node).ToDictionary(e => e.Name, e => e.Value, StringComparer.OrdinalIgnoreCase);
        return entries.Remove("Uri", out var uri) && entries.Remove("Sddl", out var sddl) && (entries.Remove("Exact", out var exact) || true) && entries.Count == 0
            ? new AccessRule(Text(uri), exact is not null && Flag(exact), Descriptor(sddl))
            : throw Wrong(node, "a resource has Uri, Sddl and, if it is to be exact, Exact: true.");
    }

    private WellKnownGroup Group((string Name, YamlNode Value) entry)
    {
        var members = Entries(entry.Value).ToDictionary(e => e.Name, e => e.Value, StringComparer.OrdinalIgnoreCase);
        return Known.TryGetValue(entry.Name, out var sid) && members.Keys.All(name => name.ToUpperInvariant() is "ACCOUNTS" or "GROUPS")
            ? new WellKnownGroup(sid, Names("Accounts"), Names("Groups"))
            : throw Wrong(entry.Value, $"'{entry.Name}' is none of {string.Join(", ", Known.Keys)}, or has more than Accounts and Groups.");

        IReadOnlyList<string> Names(string of) => members.TryGetValue(of, out var list) ? [.. Items(list).Select(Text)] : [];
    }

    private SecurityDescriptor Descriptor(YamlNode node)
    {
        try
        {
            return SecurityDescriptor.Parse(Text(node));
        }
        catch (SddlException e)
        {
            throw Wrong(node, e.Message);
        }
    }

    private bool Flag(YamlNode node) => bool.TryParse(Text(node), out var flag) ? flag : throw Wrong(node, "true or false is expected here.");

    private IEnumerable<(string Name, YamlNode Value)> Entries(YamlNode node) => node is YamlMappingNode mapping
        ? mapping.Children.Select(child => (Text(child.Key), child.Value))
        : throw Wrong(node, "names with values are expected here.");

    private IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list ? list.Children : throw Wrong(node, "a list is expected here.");

    private string Text(YamlNode node) => node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, "a single value is expected here.");

    private ConfigurationFileException Wrong(YamlNode node, string reason) => new(_path, node.Start.Line, reason);
}

using Farwire.CommandLine.Grammar;
using YamlDotNet.RepresentationModel;

namespace Farwire.CommandLine.Connection;

/// <summary>
/// What one does not want to type each time: <c>/etc/farwire/profiles.yaml</c>, and before it the user's own <c>~/.config/farwire/profiles.yaml</c>. A
/// profile is taken by its name (<c>--profile</c>, FARWIRE_PROFILE), or because one of its host patterns fits; what the line says wins.
/// </summary>
internal sealed class Profiles
{
    private const int MaxBytes = 256 * 1024;

    // Names in the file, and the switches that say the same; a colon takes a value.
    private static readonly Dictionary<string, string> SwitchOf = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "remote:", ["user"] = "username:", ["auth"] = "authentication:", ["certificate"] = "certificate:", ["ca"] = "--ca:", ["pin"] = "--pin:",
        ["passwordFile"] = "--password-file:", ["credentialHelper"] = "--credential-helper:", ["proxy"] = "--proxy:", ["jump"] = "--jump:",
        ["trustedHosts"] = "--trusted-hosts:", ["timeout"] = "timeout:", ["unencrypted"] = "unencrypted", ["spnPort"] = "spnport", ["trustFirstUse"] = "--trust-first-use",
    };

    private readonly List<Profile> _all = [];

    /// <summary>A named set of values.</summary>
    /// <param name="Name">What <c>--profile</c> calls it.</param>
    /// <param name="Hosts">Patterns of hosts that it is for, with * and ?.</param>
    /// <param name="Values">By the names of switches.</param>
    /// <param name="File">Where it stands.</param>
    internal sealed record Profile(string Name, IReadOnlyList<string> Hosts, IReadOnlyList<KeyValuePair<string, string>> Values, string File)
    {
        public bool Fits(string host) => Hosts.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, host, ignoreCase: true));
    }

    private Profiles()
    {
    }

    /// <summary>All of them, the user's own first.</summary>
    public IReadOnlyList<Profile> All => _all;

    /// <summary>The files of this user and this machine, the stronger one first.</summary>
    public static IEnumerable<string> Files(Terminal terminal) =>
        [Path.Combine(ClientSettings.Folder(terminal), "profiles.yaml"), .. OperatingSystem.IsWindows() ? [] : (string[])["/etc/farwire/profiles.yaml"]];

    /// <exception cref="UsageException">A file cannot be read, or says something unknown.</exception>
    public static Profiles Load(Terminal terminal)
    {
        var profiles = new Profiles();
        foreach (var file in Files(terminal).Where(File.Exists))
        {
            profiles.Read(file);
        }

        return profiles;
    }

    /// <summary>The line with what its profile adds.</summary>
    /// <exception cref="UsageException">There is no such profile.</exception>
    public static Switches Apply(Switches switches, Terminal terminal)
    {
        var asked = switches["--profile"] ?? (terminal.Environment("FARWIRE_PROFILE") is { Length: > 0 } named ? named : null);
        if (asked is null && switches["remote"] is null)
        {
            return switches;
        }

        var profiles = Load(terminal);
        var found = asked is null ? profiles.For(switches["remote"]!) : profiles.Find(asked);
        return found is null ? switches : switches.WithDefaults(found.Values);
    }

    /// <exception cref="UsageException">There is no such profile.</exception>
    public Profile Find(string name) => _all.Find(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"there is no profile '{name}'{(_all.Count == 0 ? "; profiles stand in ~/.config/farwire/profiles.yaml." : $"; there are {string.Join(", ", _all.Select(p => p.Name))}.")}");

    /// <summary>The first whose patterns fit the host of <c>[http://|https://]HOST[:PORT]</c>.</summary>
    public Profile? For(string remote)
    {
        var authority = remote[(remote.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..].Split('/')[0];
        var colon = authority.LastIndexOf(':');
        var host = colon > authority.LastIndexOf(']') ? authority[..colon] : authority;
        return _all.Find(profile => profile.Fits(host));
    }

    private void Read(string file)
    {
        foreach (var (name, body) in YamlFile.Load(file, MaxBytes).SelectMany(document => Map(document.RootNode, file)))
        {
            _all.Add(Of(name, body, file));
        }
    }

    private static Profile Of(string name, YamlNode body, string file)
    {
        IReadOnlyList<string> hosts = [];
        var values = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in Map(body, file))
        {
            if (key.Equals("hosts", StringComparison.OrdinalIgnoreCase))
            {
                hosts = value is YamlSequenceNode list ? [.. list.Select(node => Text(node, file))] : [Text(value, file)];
                continue;
            }

            var named = SwitchOf.GetValueOrDefault(key) ?? throw Wrong(value, file, $"'{key}' is no setting of a profile; hosts, {string.Join(", ", SwitchOf.Keys)} are");
            if (named.EndsWith(':'))
            {
                values.Add(KeyValuePair.Create(named.TrimEnd(':'), Text(value, file)));
            }
            else if (bool.TryParse(Text(value, file), out var on) ? on : throw Wrong(value, file, "true or false stands here"))
            {
                values.Add(KeyValuePair.Create(named, ""));
            }
        }

        return new Profile(name, hosts, values, file);
    }

    private static IEnumerable<(string Name, YamlNode Value)> Map(YamlNode node, string file) => node is YamlMappingNode map
        ? map.Children.Select(child => (Text(child.Key, file), child.Value))
        : throw Wrong(node, file, "here stands a list of NAME: VALUE");

    private static string Text(YamlNode node, string file) => node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, file, "text stands here");

    private static UsageException Wrong(YamlNode node, string file, string problem) => new($"{file}, line {node.Start.Line}: {problem}.");
}

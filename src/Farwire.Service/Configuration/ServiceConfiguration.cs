using System.Collections.Immutable;
using System.Globalization;

namespace Farwire.Service.Configuration;

/// <summary>The configuration in force: the files, overlaid by the changes by wire, overlaid by the policy. Immutable.</summary>
public sealed class ServiceConfiguration
{
    /// <summary>The only profile of older defaults.</summary>
    public const string CompatProfile = "2.0";

    private readonly ImmutableList<ConfigurationEntry> _entries;

    /// <summary>Overlays three layers.</summary>
    public ServiceConfiguration(ConfigurationLayer files, ConfigurationLayer changes, ConfigurationLayer policy)
    {
        (Files, Changes, Policy) = (files, changes, policy);
        var entries = files.Entries.Where(entry => !changes.Removed.Contains(entry.Id)).Aggregate(ConfigurationLayer.Empty, (all, entry) => all.With(entry));
        entries = changes.Entries.Aggregate(entries, (all, entry) => all.With(entry));
        _entries = policy.Entries.Aggregate(entries, (all, entry) => all.With(entry)).Entries;
        Plugins = files.Plugins.SetItems(changes.Plugins).SetItems(policy.Plugins).RemoveRange(changes.Removed.Where(id => id.StartsWith(PluginId(""), StringComparison.OrdinalIgnoreCase)).Select(id => id[PluginId("").Length..]));
    }

    /// <summary>A service that nobody configured.</summary>
    public static ServiceConfiguration Default { get; } = new(ConfigurationLayer.Empty, ConfigurationLayer.Empty, ConfigurationLayer.Empty);

    /// <summary>What the files of people say.</summary>
    public ConfigurationLayer Files { get; }

    /// <summary>What was changed by wire.</summary>
    public ConfigurationLayer Changes { get; }

    /// <summary>What the policy says.</summary>
    public ConfigurationLayer Policy { get; }

    /// <summary>Plug-ins by name.</summary>
    public ImmutableSortedDictionary<string, string> Plugins { get; }

    /// <summary>The value of a setting.</summary>
    public string this[Setting setting] => Find(setting)?.Text ?? DefaultOf(setting);

    /// <summary>The value of the setting at a path such as <c>Service/Auth/Basic</c>.</summary>
    public string this[string path] => this[ConfigurationTable.Find(path) ?? throw new ArgumentException($"There is no setting '{path}'.", nameof(path))];

    /// <summary>A number that fits an <see cref="int"/>; a larger one is the largest.</summary>
    public int Number(string path) => (int)Math.Min(int.MaxValue, ulong.Parse(this[path], CultureInfo.InvariantCulture));

    /// <summary>A number of milliseconds.</summary>
    public TimeSpan Milliseconds(string path) => TimeSpan.FromMilliseconds(Number(path));

    /// <summary>A flag that is set.</summary>
    public bool IsTrue(string path) => this[path] == "true";

    /// <summary>The policy decides; nobody else can.</summary>
    public bool IsGoverned(Setting setting) => Policy.Values.ContainsKey(setting);

    /// <summary>Who set a setting.</summary>
    public string OriginOf(Setting setting) => Find(setting)?.Origin ?? (DefaultOf(setting) == setting.Default ? "default" : $"default of Compat {Compat}");

    /// <summary>The entries of a table.</summary>
    public IReadOnlyList<ConfigurationEntry> EntriesOf(EntryTable table) => [.. _entries.Where(entry => entry.Table == table)];

    /// <summary>The port of a listener: its own, or the default of its transport.</summary>
    public string PortOf(ConfigurationEntry listener) => listener["Port"] is { Length: > 0 } port ? port : this[$"Service/DefaultPorts/{listener["Transport"]}"];

    /// <summary>The profile of defaults, or null for those of today.</summary>
    public string? Compat => Policy.Compat ?? Changes.Compat ?? Files.Compat;

    /// <summary>The name under which a plug-in is removed.</summary>
    public static string PluginId(string name) => "Plugin?Name=" + name;

    private SettingValue? Find(Setting setting) =>
        Policy.Values.GetValueOrDefault(setting) ?? Changes.Values.GetValueOrDefault(setting) ?? Files.Values.GetValueOrDefault(setting);

    private string DefaultOf(Setting setting) => Compat == CompatProfile ? setting.Older ?? setting.Default : setting.Default;
}

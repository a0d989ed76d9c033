using System.Collections.Immutable;

namespace Farwire.Service.Configuration;

/// <summary>A value and who set it.</summary>
/// <param name="Text">The value in the form that is kept.</param>
/// <param name="Origin">A file and line, or a file alone.</param>
public sealed record SettingValue(string Text, string Origin);

/// <summary>What one source says: the files of people, the changes by wire, or the policy. Immutable.</summary>
public sealed record ConfigurationLayer
{
    /// <summary>Says nothing.</summary>
    public static ConfigurationLayer Empty { get; } = new();

    /// <summary>The settings it sets.</summary>
    public ImmutableDictionary<Setting, SettingValue> Values { get; init; } = ImmutableDictionary<Setting, SettingValue>.Empty;

    /// <summary>The entries it brings.</summary>
    public ImmutableList<ConfigurationEntry> Entries { get; init; } = [];

    /// <summary>Entries of lower layers that it takes away, by their <see cref="ConfigurationEntry.Id"/>.</summary>
    public ImmutableHashSet<string> Removed { get; init; } = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Plug-ins by name, as PlugInConfiguration XML.</summary>
    public ImmutableSortedDictionary<string, string> Plugins { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The profile of defaults, <c>2.0</c> or nothing.</summary>
    public string? Compat { get; init; }

    /// <summary>This layer, with one setting set.</summary>
    public ConfigurationLayer With(string path, string text, string origin = "the service")
    {
        var setting = ConfigurationTable.Find(path) ?? throw new ArgumentException($"There is no setting '{path}'.", nameof(path));
        return this with { Values = Values.SetItem(setting, new SettingValue(setting.Parse(text), origin)) };
    }

    /// <summary>This layer, with an entry put in the place of the one with the same keys.</summary>
    public ConfigurationLayer With(ConfigurationEntry entry) => Without(entry) with { Entries = Without(entry).Entries.Add(entry), Removed = Removed.Remove(entry.Id) };

    /// <summary>This layer without an entry.</summary>
    public ConfigurationLayer Without(ConfigurationEntry entry) => this with { Entries = Entries.RemoveAll(other => other.Table == entry.Table && other.Is(entry.Selectors)) };
}

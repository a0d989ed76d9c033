namespace Farwire.Service.Configuration;

/// <summary>A part of the configuration that is there once: an element with settings and parts of its own, in the order of the wire.</summary>
/// <param name="Name">The name of the element.</param>
/// <param name="Uri">The resource URI, which is the namespace of its elements too.</param>
/// <param name="Members">Settings and sections.</param>
public sealed record Section(string Name, string Uri, IReadOnlyList<SectionMember> Members) : SectionMember(Name)
{
    /// <summary>The settings of this section and of those inside of it.</summary>
    public IEnumerable<Setting> AllSettings => Members.SelectMany(member => member is Section inner ? inner.AllSettings : [(Setting)member]);

    /// <summary>This section and those inside of it.</summary>
    public IEnumerable<Section> AllSections => [this, .. Members.OfType<Section>().SelectMany(inner => inner.AllSections)];
}

/// <summary>A part of the configuration of which there are many: entries told apart by keys.</summary>
/// <param name="Name">The name of an entry's element.</param>
/// <param name="Uri">The resource URI and namespace.</param>
/// <param name="Keys">The selectors.</param>
/// <param name="Settings">What follows the keys, in the order of the wire.</param>
public sealed record EntryTable(string Name, string Uri, IReadOnlyList<Setting> Keys, IReadOnlyList<Setting> Settings)
{
    /// <summary>Entries that one service may have.</summary>
    public const int MaxEntries = 1000;

    /// <summary>Keys and settings.</summary>
    public IEnumerable<Setting> All => Keys.Concat(Settings);
}

using System.Collections.Immutable;
using Farwire.Protocol.Addressing;

namespace Farwire.Service.Configuration;

/// <summary>One entry of a table: a listener, a certificate mapping, a custom shell. Immutable.</summary>
/// <param name="Table">What it is an entry of.</param>
/// <param name="Values">What was set; what is missing has its default.</param>
/// <param name="Origin">Who set it.</param>
public sealed record ConfigurationEntry(EntryTable Table, ImmutableDictionary<Setting, string> Values, string Origin)
{
    /// <summary>The value of the key or setting <paramref name="name"/>.</summary>
    public string this[string name] => this[Table.All.First(setting => setting.Name == name)];

    /// <summary>The value of a key or setting.</summary>
    public string this[Setting setting] => Values.TryGetValue(setting, out var value) ? value : setting.Default;

    /// <summary>A flag that is set.</summary>
    public bool IsTrue(string name) => this[name] == "true";

    /// <summary>The keys.</summary>
    public SelectorSet Selectors => SelectorSet.From(Table.Keys.Select(key => new Selector(key.Name, this[key])));

    /// <summary>The name of the entry among all: <c>Listener?Address=*+Transport=HTTP</c>.</summary>
    public string Id => $"{Table.Name}?{Selectors}";

    /// <summary>True when <paramref name="selectors"/> are its keys, whatever their case.</summary>
    public bool Is(SelectorSet selectors) => Selectors.Equals(selectors);
}

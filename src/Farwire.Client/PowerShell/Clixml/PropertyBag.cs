using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>Properties in the order they were sent, found without regard to case.</summary>
/// <remarks>MS-PSRP, "Adapted Properties", "Extended Properties".</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The specification calls it a property bag.")]
public sealed class PropertyBag : IReadOnlyCollection<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _properties = [];

    /// <inheritdoc/>
    public int Count => _properties.Count;

    /// <summary>Adds a property at the end.</summary>
    public void Add(string name, object? value) => _properties.Add(KeyValuePair.Create(name, value));

    /// <summary>Finds the first property <paramref name="name"/>.</summary>
    public bool TryGet(string name, out object? value)
    {
        foreach (var property in _properties)
        {
            if (property.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = property.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    internal static PropertyBag Of(params ReadOnlySpan<(string Name, object? Value)> properties)
    {
        var bag = new PropertyBag();
        foreach (var (name, value) in properties)
        {
            bag.Add(name, value);
        }

        return bag;
    }
}

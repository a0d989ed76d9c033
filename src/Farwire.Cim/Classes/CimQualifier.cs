using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Farwire.Cim.Instances;

namespace Farwire.Cim.Classes;

/// <summary>A characteristic of a class, property, method or parameter.</summary>
/// <param name="Name">Compared without regard to case.</param>
/// <param name="Value">True when MOF gives none.</param>
/// <remarks>DSP0004, "Qualifiers".</remarks>
public sealed record CimQualifier(string Name, CimValue Value);

/// <summary>The qualifiers of one thing.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Qualifiers are a set by name, not a collection to be filled.")]
public sealed class CimQualifiers : IReadOnlyList<CimQualifier>
{
    private readonly CimQualifier[] _items;

    /// <summary>Makes a set of <paramref name="items"/>.</summary>
    public CimQualifiers(IEnumerable<CimQualifier> items) => _items = [.. items];

    /// <summary>No qualifiers.</summary>
    public static CimQualifiers None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public CimQualifier this[int index] => _items[index];

    /// <summary>The value of the qualifier <paramref name="name"/>, or null.</summary>
    public CimValue this[string name]
    {
        get
        {
            foreach (var item in _items)
            {
                if (item.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return item.Value;
                }
            }

            return default;
        }
    }

    /// <summary>True when the boolean qualifier <paramref name="name"/> is set.</summary>
    public bool IsSet(string name) => this[name] is { Kind: CimValueKind.Boolean } value && value.AsBoolean();

    /// <inheritdoc/>
    public IEnumerator<CimQualifier> GetEnumerator() => ((IEnumerable<CimQualifier>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

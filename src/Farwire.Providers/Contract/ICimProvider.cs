using Farwire.Cim.Classes;
using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>Knows the instances of one class.</summary>
/// <remarks>Values are of the moment they are asked for; what may be costly to find is looked up only when it is needed.</remarks>
public interface ICimProvider
{
    /// <summary>The class.</summary>
    CimClass Class { get; }

    /// <summary>All instances, one at a time. The list may hold more than <paramref name="need"/> asks for: it is filtered again.</summary>
    IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, CancellationToken cancellationToken);

    /// <summary>The instance of these keys, in the order of <see cref="CimClass.Keys"/>; null when there is none.</summary>
    ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);
}

/// <summary>What an enumeration needs: which properties, and what its instances have in common.</summary>
public sealed class CimNeed
{
    private readonly bool[]? _slots;

    private CimNeed(bool[]? slots, IReadOnlyList<(string Property, CimValue Value)> equalities)
    {
        _slots = slots;
        Equalities = equalities;
    }

    /// <summary>Everything.</summary>
    public static CimNeed All { get; } = new(null, []);

    /// <summary>Property and value that every wanted instance has.</summary>
    public IReadOnlyList<(string Property, CimValue Value)> Equalities { get; }

    /// <summary>The slots, and what is fixed.</summary>
    public static CimNeed Of(CimClass cimClass, IEnumerable<int> slots, IReadOnlyList<(string Property, CimValue Value)> equalities)
    {
        var needed = new bool[cimClass.Properties.Count];
        foreach (var slot in slots)
        {
            needed[slot] = true;
        }

        return new CimNeed(needed, equalities);
    }

    /// <summary>True when the property in <paramref name="slot"/> must have its value.</summary>
    public bool Needs(int slot) => _slots is null || _slots[slot];

    /// <summary>The value that the property <paramref name="name"/> must have, or null when it is free.</summary>
    public string? Fixed(string name)
    {
        foreach (var (property, value) in Equalities)
        {
            if (property.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value.ToString();
            }
        }

        return null;
    }
}

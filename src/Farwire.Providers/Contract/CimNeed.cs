using Farwire.Cim.Classes;
using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>What an enumeration needs: which properties, and what its instances have in common.</summary>
public sealed class CimNeed
{
    private readonly CimClass? _class;
    private readonly bool[]? _slots;

    private readonly IReadOnlyList<(string Property, CimValue Value)> _lowerBounds;

    private CimNeed(CimClass? cimClass, bool[]? slots, IReadOnlyList<(string Property, CimValue Value)> equalities, IReadOnlyList<(string Property, CimValue Value)> lowerBounds)
    {
        _lowerBounds = lowerBounds;
        _class = cimClass;
        _slots = slots;
        Equalities = equalities;
    }

    /// <summary>Everything.</summary>
    public static CimNeed All { get; } = new(null, null, [], []);

    /// <summary>Property and value that every wanted instance has.</summary>
    public IReadOnlyList<(string Property, CimValue Value)> Equalities { get; }

    /// <summary>The slots, and what is fixed.</summary>
    public static CimNeed Of(CimClass cimClass, IEnumerable<int> slots, IReadOnlyList<(string Property, CimValue Value)> equalities, IReadOnlyList<(string Property, CimValue Value)>? lowerBounds = null)
    {
        var needed = new bool[cimClass.Properties.Count];
        foreach (var slot in slots)
        {
            needed[slot] = true;
        }

        return new CimNeed(cimClass, needed, equalities, lowerBounds ?? []);
    }

    /// <summary>True when the property in <paramref name="slot"/> must have its value.</summary>
    public bool Needs(int slot) => _slots is null || _slots[slot];

    /// <summary>True when one of these properties must have its value.</summary>
    public bool Needs(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_slots is null || (_class!.SlotOf(name) is >= 0 and var slot && _slots[slot]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The time before which the property <paramref name="name"/> is of no interest, or null when it may be any.</summary>
    public DateTimeOffset? Since(string name)
    {
        foreach (var (property, value) in _lowerBounds)
        {
            if (property.Equals(name, StringComparison.OrdinalIgnoreCase) && CimDateTime.TryParse(value.ToString(), out var time) && !time.IsInterval)
            {
                return time.Time;
            }
        }

        return null;
    }

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

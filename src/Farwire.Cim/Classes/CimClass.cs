using System.Collections.Frozen;
using Farwire.Cim.Instances;

namespace Farwire.Cim.Classes;

/// <summary>A class: its name, its ancestors, and all properties and methods an instance has.</summary>
/// <remarks>
/// DSP0004, "Classes". Properties stand in the order of the wire, alphabetically without regard to case, own and inherited together; their
/// position is the slot of an instance.
/// </remarks>
public sealed class CimClass
{
    private readonly CimValue[] _defaults;

    // Most classes of a schema are only descended from: their tables are made when somebody looks something up. Two who look at once make equal ones.
    private FrozenDictionary<string, int>? _slots;

    /// <summary>Makes a class from what it declares itself and what <paramref name="superclass"/> has.</summary>
    public CimClass(
        string name,
        CimClass? superclass,
        IEnumerable<CimProperty> properties,
        IEnumerable<CimMethod>? methods = null,
        CimQualifiers? qualifiers = null)
    {
        Name = name;
        Superclass = superclass;
        Qualifiers = qualifiers ?? CimQualifiers.None;
        Properties = Merge(superclass?.Properties ?? [], properties);
        _defaults = [.. Properties.Select(p => p.Default)];
        Keys = [.. Properties.Where(p => p.IsKey)];
        List<CimMethod> all = [.. superclass?.Methods ?? []];
        foreach (var method in methods ?? [])
        {
            if (all.FindIndex(m => m.Name.Equals(method.Name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var inherited)
            {
                all[inherited] = method;
            }
            else
            {
                all.Add(method);
            }
        }

        Methods = all;
    }

    /// <summary>The name, in the case of its declaration.</summary>
    public string Name { get; }

    /// <summary>The class it derives from, or null.</summary>
    public CimClass? Superclass { get; }

    /// <summary>The class's own qualifiers.</summary>
    public CimQualifiers Qualifiers { get; }

    /// <summary>All properties, inherited ones too, in wire order.</summary>
    public IReadOnlyList<CimProperty> Properties { get; }

    /// <summary>The properties that name an instance. None: there is one instance at most, or the class is abstract.</summary>
    public IReadOnlyList<CimProperty> Keys { get; }

    /// <summary>All methods, inherited ones too.</summary>
    public IReadOnlyList<CimMethod> Methods { get; }

    internal ReadOnlySpan<CimValue> Defaults => _defaults;

    /// <summary>It has no instances of its own.</summary>
    public bool IsAbstract => Qualifiers.IsSet("Abstract");

    /// <summary>The first of its ancestors, or itself.</summary>
    public CimClass Dynasty => Superclass?.Dynasty ?? this;

    /// <summary>The slot of the property <paramref name="name"/>, or -1.</summary>
    public int SlotOf(string name) => Slots.GetValueOrDefault(name, -1);

    /// <summary>The property <paramref name="name"/>, or null.</summary>
    public CimProperty? Property(string name) => Slots.TryGetValue(name, out var slot) ? Properties[slot] : null;

    /// <summary>The method <paramref name="name"/>, or null.</summary>
    public CimMethod? Method(string name) => Methods.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True for the class <paramref name="name"/> itself and for all that derive from it.</summary>
    public bool IsA(string name)
    {
        for (var c = this; c is not null; c = c.Superclass)
        {
            if (c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Superclass is null ? Name : $"{Name} : {Superclass.Name}";

    private FrozenDictionary<string, int> Slots =>
        _slots ??= Properties.Select((p, slot) => KeyValuePair.Create(p.Name, slot)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // Inherited properties are in order already: each of its own finds its place among them.
    private List<CimProperty> Merge(IReadOnlyList<CimProperty> inherited, IEnumerable<CimProperty> own)
    {
        List<CimProperty> all = [.. inherited];
        foreach (var property in own)
        {
            var (low, high) = (0, all.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = string.Compare(all[middle].Name, property.Name, StringComparison.OrdinalIgnoreCase) < 0 ? (middle + 1, high) : (low, middle);
            }

            if (low < all.Count && all[low].Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase))
            {
                all[low] = Override(property, all[low]);
            }
            else
            {
                all.Insert(low, Override(property, null));
            }
        }

        return all;
    }

    // A property that is declared again keeps the key of the one it overrides: keys cannot be taken away.
    private CimProperty Override(CimProperty property, CimProperty? inherited) => inherited is { IsKey: true } && !property.IsKey
        ? property with { Origin = inherited.Origin, Qualifiers = new CimQualifiers([.. property.Qualifiers, new CimQualifier("Key", true)]) }
        : property with { Origin = inherited?.Origin ?? Name };
}

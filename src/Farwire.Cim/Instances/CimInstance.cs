using Farwire.Cim.Classes;

namespace Farwire.Cim.Instances;

/// <summary>An instance: the values of its class's properties.</summary>
/// <remarks>DSP0004, "Instances".</remarks>
public sealed class CimInstance
{
    private readonly CimValue[] _values;

    /// <summary>Makes an instance with the defaults of its class.</summary>
    public CimInstance(CimClass cimClass)
    {
        Class = cimClass;
        _values = cimClass.Defaults.ToArray();
    }

    internal CimInstance(CimClass cimClass, CimValue[] values)
    {
        Class = cimClass;
        _values = values;
    }

    /// <summary>What it is an instance of.</summary>
    public CimClass Class { get; }

    /// <summary>The value in a slot.</summary>
    public CimValue this[int slot]
    {
        get => _values[slot];
        set => _values[slot] = value;
    }

    /// <summary>The value of the property <paramref name="name"/>; NULL for one that the class has not.</summary>
    /// <exception cref="ArgumentException">On setting a property that the class has not.</exception>
    public CimValue this[string name]
    {
        get => Class.SlotOf(name) is >= 0 and var slot ? _values[slot] : default;
        set => _values[Class.SlotOf(name) is >= 0 and var slot ? slot : throw new ArgumentException($"{Class.Name} has no property '{name}'.", nameof(name))] = value;
    }

    /// <summary>The value in a slot, where it is: a filter over many instances must not copy it.</summary>
    internal ref readonly CimValue At(int slot) => ref _values[slot];

    /// <summary>An instance of the same class with the same values.</summary>
    public CimInstance Copy() => new(Class, [.. _values]);

    /// <inheritdoc/>
    public override string ToString() => Class.Keys.Count == 0
        ? Class.Name
        : Class.Name + "." + string.Join(',', Class.Keys.Select(k => $"{k.Name}=\"{this[k.Name]}\""));
}

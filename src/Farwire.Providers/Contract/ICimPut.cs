using Farwire.Cim.Instances;

namespace Farwire.Providers.Contract;

/// <summary>Knows how to change the instances of its class.</summary>
public interface ICimPut : ICimProvider
{
    /// <summary>
    /// The provider judges itself what was given otherwise than it is and cannot be written: its values move on between a Get and the Put of what
    /// it answered. For all others such a Put is refused.
    /// </summary>
    bool JudgesReadOnly => false;

    /// <summary>
    /// Sets properties that the class declares as writable and whose values differ from those at hand, and answers the instance as it is then;
    /// null when there is none of these keys.
    /// </summary>
    ValueTask<CimInstance?> PutAsync(IReadOnlyList<string> keys, CimChanges changes, CancellationToken cancellationToken);
}

/// <summary>The new values of an instance's properties.</summary>
public sealed class CimChanges(IReadOnlyDictionary<string, CimValue> values)
{
    /// <summary>The names of the properties that change.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>What was given otherwise than it is and cannot be written: readings that moved on meanwhile, or a wish that must be refused.</summary>
    public IReadOnlyList<string> NotWritable { get; init; } = [];

    /// <summary>Who wants it.</summary>
    public CimCaller Caller { get; init; } = CimCaller.Nobody;

    /// <summary>The new value of the property <paramref name="name"/>; NULL also for one that does not change.</summary>
    public CimValue this[string name] => values.GetValueOrDefault(name);
}

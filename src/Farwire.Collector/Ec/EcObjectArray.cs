using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Ec;

/// <summary>The sources of a subscription, each with properties of its own. What is changed here is stored when the subscription is saved.</summary>
/// <remarks>
/// Windows Event Collector, "EcGetObjectArraySize", "EcGetObjectArrayProperty", "EcSetObjectArrayProperty", "EcInsertObjectArrayElement",
/// "EcRemoveObjectArrayElement".
/// </remarks>
public sealed class EcObjectArray
{
    private readonly EcSubscription _subscription;
    private readonly List<EventSource> _sources;

    internal EcObjectArray(EcSubscription subscription, IEnumerable<EventSource> sources) => (_subscription, _sources) = (subscription, [.. sources]);

    /// <summary>How many there are. EcGetObjectArraySize.</summary>
    public int Size => _sources.Count;

    internal IReadOnlyList<EventSource> Sources => _sources;

    /// <summary>A property of one of them. EcGetObjectArrayProperty.</summary>
    /// <exception cref="EcException">There is no such element or property.</exception>
    public EcVariant GetProperty(EcPropertyId property, int index)
    {
        _subscription.Need(EcAccess.Read);
        var source = At(index);
        return property switch
        {
            EcPropertyId.EventSourceAddress => EcVariant.Of(source.Address),
            EcPropertyId.EventSourceEnabled => EcVariant.Of(source.Enabled),
            EcPropertyId.EventSourceUserName => EcVariant.Of(source.UserName),
            EcPropertyId.EventSourcePassword => EcVariant.Null,
            _ => throw EcSubscription.Unknown(property),
        };
    }

    /// <summary>Changes a property of one of them. EcSetObjectArrayProperty.</summary>
    /// <exception cref="EcException">There is no such element or property, or the value is of another kind.</exception>
    public void SetProperty(EcPropertyId property, int index, EcVariant value)
    {
        _subscription.Need(EcAccess.Write);
        var source = At(index);
        _sources[index] = property switch
        {
            EcPropertyId.EventSourceAddress => source with { Address = value.AsString() ?? "" },
            EcPropertyId.EventSourceEnabled => source with { Enabled = value.AsBoolean() },
            EcPropertyId.EventSourceUserName => source with { UserName = value.AsString() },
            EcPropertyId.EventSourcePassword => source with { Password = value.AsString() },
            _ => throw EcSubscription.Unknown(property),
        };
    }

    /// <summary>Makes a new element before <paramref name="index"/>; its address must be set. EcInsertObjectArrayElement.</summary>
    /// <exception cref="EcException">The index is past the end.</exception>
    public void Insert(int index)
    {
        _subscription.Need(EcAccess.Write);
        if (index < 0 || index > _sources.Count)
        {
            throw OutOfRange(index);
        }

        _sources.Insert(index, new EventSource(""));
    }

    /// <summary>Removes one of them. EcRemoveObjectArrayElement.</summary>
    /// <exception cref="EcException">There is no such element.</exception>
    public void Remove(int index)
    {
        _subscription.Need(EcAccess.Write);
        _ = At(index);
        _sources.RemoveAt(index);
    }

    private EventSource At(int index) => index >= 0 && index < _sources.Count ? _sources[index] : throw OutOfRange(index);

    private EcException OutOfRange(int index) => new(EcException.InvalidParameter, $"There is no element {index}; there are {_sources.Count}.");
}

namespace Farwire.Collector.Ec;

/// <summary>The names of all subscriptions at the time it was opened.</summary>
/// <remarks>Windows Event Collector, "EcEnumNextSubscription".</remarks>
public sealed class EcSubscriptionEnum : IDisposable
{
    private readonly List<string> _names;
    private int _next;
    private bool _isClosed;

    internal EcSubscriptionEnum(List<string> names) => _names = names;

    /// <summary>The next name; null after the last, where Windows answers ERROR_NO_MORE_ITEMS. EcEnumNextSubscription.</summary>
    /// <exception cref="EcException">It was closed.</exception>
    public string? Next() =>
        _isClosed ? throw new EcException(EcException.InvalidHandle, "The enumeration was closed.")
        : _next < _names.Count ? _names[_next++]
        : null;

    /// <summary>EcClose.</summary>
    public void Dispose() => _isClosed = true;
}

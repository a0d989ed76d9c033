namespace Farwire.Client.Automation;

/// <summary>The items of an enumeration, one after another.</summary>
/// <remarks>
/// WinRM documentation, "Enumerator"; the interface IWSManEnumerator. Disposing it before the end tells the service that nobody wants the rest
/// (Release), as letting go of the original object does.
/// </remarks>
public sealed class Enumerator : IDisposable
{
    private readonly LastError _error = new();
    private readonly IAsyncEnumerator<string> _items;
    private readonly Action _closed;
    private string? _next;
    private bool _isOpen = true;

    // The first batch comes at once, so that what the service refuses shows where the enumeration was asked for.
    internal Enumerator(IAsyncEnumerable<string> items, Action closed)
    {
        _closed = closed;
        _items = items.GetAsyncEnumerator();
        LookAhead();
    }

    /// <summary>True when no item is left. Looks ahead, and so may wait for the service.</summary>
    public bool AtEndOfStream => _error.Keep(() => !LookAhead());

    /// <summary>The last failure of this object as XML; empty after a success.</summary>
    public string Error => _error.Xml;

    /// <summary>The next item as XML; pulls the next batch when the last one is used up.</summary>
    /// <exception cref="InvalidOperationException">No item is left.</exception>
    public string ReadItem() => _error.Keep(() =>
    {
        var item = LookAhead() ? _next! : throw new InvalidOperationException("No item is left; AtEndOfStream says so.");
        _next = null;
        return item;
    });

    /// <summary>Ends the enumeration, on the service too.</summary>
    public void Dispose()
    {
        _next = null;
        Close();
    }

    private bool LookAhead()
    {
        if (_next is not null || !_isOpen)
        {
            return _next is not null;
        }

        try
        {
            if (_items.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                _next = _items.Current;
                return true;
            }
        }
        catch
        {
            Close();
            throw;
        }

        Close();
        return false;
    }

    private void Close()
    {
        if (_isOpen)
        {
            _isOpen = false;
            _items.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _closed();
        }
    }
}

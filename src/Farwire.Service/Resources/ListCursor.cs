using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;

namespace Farwire.Service.Resources;

/// <summary>Items that come one after another, each written by itself.</summary>
/// <typeparam name="T">An item.</typeparam>
/// <param name="items">The items.</param>
/// <param name="write">Writes one as an element.</param>
/// <param name="writeReference">Writes the reference of one; null when they have none.</param>
public sealed class ListCursor<T>(IAsyncEnumerable<T> items, Action<XmlUtf8Writer, T> write, Action<XmlUtf8Writer, T>? writeReference = null) : IEnumerationCursor
{
    private readonly CancellationTokenSource _stop = new();
    private IAsyncEnumerator<T>? _items;

    /// <inheritdoc/>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        // The items know one token from their beginning to their end; that of this call ends it too.
        using var ended = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        return await (_items ??= items.GetAsyncEnumerator(_stop.Token)).MoveNextAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void WriteObject(XmlUtf8Writer xml) => write(xml, _items!.Current);

    /// <inheritdoc/>
    public void WriteReference(XmlUtf8Writer xml) =>
        (writeReference ?? throw FaultCatalog.EnumerationModeUnsupported.Fault("these items have no references; enumerate objects."))(xml, _items!.Current);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_items is not null)
        {
            await _items.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }
}

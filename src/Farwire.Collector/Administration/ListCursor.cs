using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;

namespace Farwire.Collector.Administration;

/// <summary>Items that come one after another, each written by itself.</summary>
internal sealed class ListCursor<T>(IAsyncEnumerable<T> items, Action<XmlUtf8Writer, T> write, Action<XmlUtf8Writer, T>? writeReference = null) : IEnumerationCursor
{
    private readonly CancellationTokenSource _stop = new();
    private IAsyncEnumerator<T>? _items;

    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => (_items ??= items.GetAsyncEnumerator(_stop.Token)).MoveNextAsync();

    public void WriteObject(XmlUtf8Writer xml) => write(xml, _items!.Current);

    public void WriteReference(XmlUtf8Writer xml) =>
        (writeReference ?? throw FaultCatalog.EnumerationModeUnsupported.Fault("these items have no references; enumerate objects."))(xml, _items!.Current);

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

using Farwire.Plugins;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;

namespace Farwire.Service.Plugins;

/// <summary>The items that a plug-in lists. It holds the plug-in's place for an operation until it ends.</summary>
internal sealed class PluginCursor : IEnumerationCursor
{
    private readonly ActivePlugin _plugin;
    private readonly string _resourceUri;
    private readonly IDisposable _place;
    private readonly CancellationTokenSource _end;
    private readonly IAsyncEnumerator<PluginItem> _items;
    private Task<bool>? _next;
    private ReadOnlyMemory<byte> _xml;

    private PluginCursor(ActivePlugin plugin, string resourceUri, IDisposable place, IAsyncEnumerable<PluginItem> items, CancellationTokenSource end)
    {
        (_plugin, _resourceUri, _place, _end) = (plugin, resourceUri, place, end);
        _items = items.GetAsyncEnumerator(end.Token);
    }

    /// <summary>Opens a list of the plug-in.</summary>
    public static async ValueTask<PluginCursor> OpenAsync(ActivePlugin plugin, string resourceUri, IDisposable place, Func<CancellationToken, ValueTask<IAsyncEnumerable<PluginItem>>> open)
    {
        var end = new CancellationTokenSource();
        try
        {
            return new PluginCursor(plugin, resourceUri, place, await open(end.Token).ConfigureAwait(false), end);
        }
        catch
        {
            end.Dispose();
            throw;
        }
    }

    /// <summary>Begins to wait for the first item, before anybody asks for it: events count from now on.</summary>
    public void Begin() => _next = _items.MoveNextAsync().AsTask();

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Who stops waiting finds the same item at the next call.
            _next ??= _items.MoveNextAsync().AsTask();
            var more = await _next.WaitAsync(cancellationToken).ConfigureAwait(false);
            _next = null;
            _xml = more ? PluginAnswer.Element(_items.Current.Xml) : default;
            return more;
        }
        catch (Exception e) when (e is not WSManFaultException and not OperationCanceledException)
        {
            throw PluginFaults.Of(e, _plugin.Registration, _plugin.Log);
        }
    }

    public void WriteObject(XmlUtf8Writer xml) => xml.RawContent(_xml.Span);

    public void WriteReference(XmlUtf8Writer xml)
    {
        var keys = _items.Current.Selectors ?? throw FaultCatalog.EnumerationModeUnsupported.Fault($"items of the plug-in '{_plugin.Registration.Name}' have no keys.");
        new EndpointReference { ResourceUri = _resourceUri, Selectors = SelectorSet.From(keys.Select(key => new Selector(key.Key, key.Value))) }.Write(xml);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _end.CancelAsync().ConfigureAwait(false);
            if (_next is not null)
            {
                await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await _items.DisposeAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What was cancelled has ended.
        }
        finally
        {
            _place.Dispose();
            _end.Dispose();
        }
    }
}

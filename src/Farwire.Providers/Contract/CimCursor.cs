using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;

namespace Farwire.Providers.Contract;

/// <summary>Walks through the instances of some classes, one provider after another, and lets pass what the filter wants.</summary>
internal sealed class CimCursor(
    IReadOnlyList<ICimProvider> providers, WqlQuery? query, SelectorSet? selectors, CimResourceUri uri, string namespaceName, CimClass? asBase) : IEnumerationCursor
{
    private int _next;
    private IAsyncEnumerator<CimInstance>? _instances;
    private WqlFilter? _filter;
    private InstanceWriter? _whole;
    private FragmentWriter? _projection;

    /// <summary>NULL arrays are told from empty ones.</summary>
    public bool PreciseArrays { get; set; }

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_instances is null)
            {
                if (_next == providers.Count)
                {
                    return false;
                }

                Open(providers[_next++], cancellationToken);
            }

            while (await _instances!.MoveNextAsync().ConfigureAwait(false))
            {
                if (Passes(_instances.Current))
                {
                    return true;
                }
            }

            await _instances.DisposeAsync().ConfigureAwait(false);
            _instances = null;
        }
    }

    public void WriteObject(XmlUtf8Writer xml)
    {
        var instance = _instances!.Current;
        if (_projection is not null)
        {
            _projection.Write(xml, instance);
            return;
        }

        _whole!.Write(xml, asBase is null ? instance : CutDown(instance, asBase));
    }

    public void WriteReference(XmlUtf8Writer xml)
    {
        var instance = _instances!.Current;
        var keys = instance.Class.Keys.Select(k => new Selector(k.Name, instance[k.Name].ToString()));
        if (!uri.IsWmi)
        {
            keys = keys.Append(new Selector(CimResourceUri.NamespaceSelector, namespaceName));
        }

        new EndpointReference { ResourceUri = uri.ForClass(instance.Class.Name), Selectors = SelectorSet.From(keys) }.Write(xml);
    }

    public ValueTask DisposeAsync() => _instances?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Open(ICimProvider provider, CancellationToken cancellationToken)
    {
        var cimClass = provider.Class;
        var need = CimNeed.All;
        _filter = null;
        _projection = null;
        if (query is not null)
        {
            _filter = new WqlFilter(query, cimClass);

            // The keys too: references may be asked for.
            need = CimNeed.Of(cimClass, _filter.Needed.Concat(cimClass.Keys.Select(k => cimClass.SlotOf(k.Name))), _filter.Equalities);
            _projection = query.IsWhole ? null : new FragmentWriter(cimClass, _filter.Selected);
        }
        else if (selectors is not null)
        {
            need = CimNeed.Of(
                cimClass, Enumerable.Range(0, cimClass.Properties.Count), [.. selectors.Select(s => (s.Name, (CimValue)s.Value))]);
        }

        var written = asBase ?? cimClass;
        _whole = InstanceWriter.For(written, uri.ForClass(written.Name), PreciseArrays);
        _instances = provider.EnumerateAsync(need, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    private bool Passes(CimInstance instance)
    {
        if (_filter is not null)
        {
            return _filter.Matches(instance);
        }

        return selectors is null || selectors.All(s => s.Value.Equals(instance[s.Name].ToString(), StringComparison.OrdinalIgnoreCase));
    }

    private static CimInstance CutDown(CimInstance instance, CimClass ancestor)
    {
        var cut = new CimInstance(ancestor);
        for (var slot = 0; slot < ancestor.Properties.Count; slot++)
        {
            cut[slot] = instance[ancestor.Properties[slot].Name];
        }

        return cut;
    }
}

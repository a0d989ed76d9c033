using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;
using Farwire.Service.Resources;

namespace Farwire.Providers.Contract;

/// <summary>Walks through instances and writes them as the client wants them.</summary>
/// <param name="instances">What to walk through.</param>
/// <param name="writer">How items look.</param>
/// <param name="wmiErrors">What fails on the way is told as to clients of MI.</param>
/// <param name="source">Ends with the walk.</param>
internal sealed class CimCursor(IAsyncEnumerable<CimInstance> instances, CimItemWriter writer, bool wmiErrors, IDisposable? source = null) : IEnumerationCursor
{
    private IAsyncEnumerator<CimInstance>? _walk;

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await (_walk ??= instances.GetAsyncEnumerator(cancellationToken)).MoveNextAsync().ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (wmiErrors && e.Fault.Provider?.Status is not null)
        {
            throw WmiError.From(e.Fault);
        }
    }

    public void WriteObject(XmlUtf8Writer xml) => writer.Write(xml, _walk!.Current);

    public void WriteReference(XmlUtf8Writer xml) => writer.WriteReference(xml, _walk!.Current);

    public async ValueTask DisposeAsync()
    {
        if (_walk is not null)
        {
            await _walk.DisposeAsync().ConfigureAwait(false);
        }

        source?.Dispose();
    }

    /// <summary>The instances of some providers, one provider after another, that a query wants; null wants all.</summary>
    public static async IAsyncEnumerable<CimInstance> Queried(
        IEnumerable<ICimProvider> providers, WqlQuery? query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var provider in providers)
        {
            var filter = query is null ? null : new WqlFilter(query, provider.Class);

            // The keys too: references may be asked for.
            var need = filter is null ? CimNeed.All : CimNeed.Of(provider.Class, filter.Needed.Concat(KeySlots(provider.Class)), filter.Equalities, filter.LowerBounds);
            await foreach (var instance in provider.EnumerateAsync(need, cancellationToken).ConfigureAwait(false))
            {
                if (filter is null || filter.Matches(instance))
                {
                    yield return instance;
                }
            }
        }
    }

    /// <summary>The instances of some providers that have these values.</summary>
    public static async IAsyncEnumerable<CimInstance> Selected(
        IEnumerable<ICimProvider> providers, SelectorSet selectors, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var equalities = selectors.Select(s => (s.Name, (CimValue)s.Value)).ToList();
        foreach (var provider in providers)
        {
            var need = CimNeed.Of(provider.Class, Enumerable.Range(0, provider.Class.Properties.Count), equalities);
            await foreach (var instance in provider.EnumerateAsync(need, cancellationToken).ConfigureAwait(false))
            {
                if (selectors.All(s => s.Value.Equals(instance[s.Name].ToString(), StringComparison.OrdinalIgnoreCase)))
                {
                    yield return instance;
                }
            }
        }
    }

    private static IEnumerable<int> KeySlots(CimClass cimClass) => cimClass.Keys.Select(k => cimClass.SlotOf(k.Name));
}

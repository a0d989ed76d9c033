using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Xml;

namespace Farwire.Providers.Contract;

/// <summary>How the instances of one request look on the wire: in which family of URIs, whole, cut down or in part.</summary>
internal sealed class CimItemWriter(CimResourceUri uri, string namespaceName)
{
    private CimClass? _class;
    private InstanceWriter? _whole;
    private FragmentWriter? _projection;
    private int[] _references = [];

    /// <summary>The query whose projection is written; null writes whole instances.</summary>
    public WqlQuery? Query { get; init; }

    /// <summary>The properties to write, where a class has them; empty for all.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>Instances of derived classes are shown as of this one.</summary>
    public CimClass? AsBase { get; init; }

    /// <summary>NULL arrays are told from empty ones.</summary>
    public bool PreciseArrays { get; init; }

    public void Write(XmlUtf8Writer xml, CimInstance instance)
    {
        instance = Ready(instance);
        if (_projection is not null)
        {
            _projection.Write(xml, instance);
            return;
        }

        _whole!.Write(xml, AsBase is null ? instance : CutDown(instance, AsBase));
    }

    /// <summary>The instance with its references in the family of URIs that the client speaks.</summary>
    public CimInstance Ready(CimInstance instance)
    {
        Prepare(instance.Class);
        return _references.Length == 0 ? instance : InFamily(instance);
    }

    public void WriteReference(XmlUtf8Writer xml, CimInstance instance) => ReferenceTo(instance).Write(xml);

    /// <summary>The name of an instance.</summary>
    public EndpointReference ReferenceTo(CimInstance instance)
    {
        var keys = instance.Class.Keys.Select(k => instance[k.Name] is { Kind: CimValueKind.Reference } reference
            ? new Selector(k.Name, "") { Reference = InFamily(reference.AsReference()) }
            : new Selector(k.Name, instance[k.Name].ToString()));
        if (!uri.IsWmi)
        {
            keys = keys.Append(new Selector(CimResourceUri.NamespaceSelector, namespaceName));
        }

        return new EndpointReference { ResourceUri = uri.ForClass(instance.Class.Name), Selectors = SelectorSet.From(keys) };
    }

    // One writer serves all instances of a class, which come together.
    private void Prepare(CimClass cimClass)
    {
        if (_class == cimClass)
        {
            return;
        }

        _class = cimClass;
        if (Query is { IsWhole: false } query)
        {
            var filter = new WqlFilter(query, cimClass);
            _projection = new FragmentWriter(cimClass, filter.Selected, filter.SelectedSystem, namespaceName);
        }

        else if (Properties.Count > 0)
        {
            _projection = new FragmentWriter(cimClass, Properties.Select(cimClass.SlotOf).Where(slot => slot >= 0));
        }

        var written = AsBase ?? cimClass;
        _whole = InstanceWriter.For(written, uri.ForClass(written.Name), PreciseArrays);
        _references = uri.IsWmi
            ? []
            : [.. Enumerable.Range(0, cimClass.Properties.Count).Where(slot => cimClass.Properties[slot].Type == CimType.Reference)];
    }

    // References inside an answer are in the family of URIs that the client speaks.
    private CimInstance InFamily(CimInstance instance)
    {
        var copy = instance.Copy();
        foreach (var slot in _references)
        {
            copy[slot] = copy[slot] is { Kind: CimValueKind.Reference } reference ? InFamily(reference.AsReference()) : copy[slot];
        }

        return copy;
    }

    private EndpointReference InFamily(EndpointReference reference) =>
        uri.IsWmi || reference.ResourceUri is null || CimResourceUri.Parse(reference.ResourceUri) is not { Namespace: { } ns } target
            ? reference
            : reference with
            {
                ResourceUri = uri.ForClass(target.ClassName),
                Selectors = SelectorSet.From(reference.Selectors.Append(new Selector(CimResourceUri.NamespaceSelector, ns))),
            };

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

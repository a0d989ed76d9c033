using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.Providers.Contract;

/// <summary>References to instances, as properties of associations hold them.</summary>
internal static class CimReference
{
    /// <summary>A reference to the instance of <c>root/cimv2</c> with these keys.</summary>
    public static EndpointReference To(string className, params ReadOnlySpan<(string Key, string Value)> keys) => To(ResourceUris.WmiCimV2, className, keys);

    /// <summary>A reference to the instance of another namespace with these keys.</summary>
    public static EndpointReference In(CimSchema schema, string className, params ReadOnlySpan<(string Key, string Value)> keys) =>
        To($"{ResourceUris.Wmi}/{schema.Namespace}", className, keys);

    private static EndpointReference To(string place, string className, ReadOnlySpan<(string Key, string Value)> keys)
    {
        var selectors = new List<Selector>();
        foreach (var (key, value) in keys)
        {
            selectors.Add(new Selector(key, value));
        }

        return new EndpointReference { ResourceUri = $"{place}/{className}", Selectors = SelectorSet.From(selectors) };
    }

    /// <summary>A reference to an instance of <c>root/cimv2</c>.</summary>
    public static EndpointReference To(CimInstance instance) => new()
    {
        ResourceUri = $"{ResourceUris.WmiCimV2}/{instance.Class.Name}",
        Selectors = SelectorSet.From(instance.Class.Keys.Select(k => new Selector(k.Name, instance[k.Name].ToString()))),
    };

    /// <summary>What a reference needs of an instance: its keys, and some properties more.</summary>
    public static CimNeed KeysOf(CimClass cimClass, params ReadOnlySpan<string> more)
    {
        var slots = cimClass.Keys.Select(k => cimClass.SlotOf(k.Name)).ToList();
        foreach (var name in more)
        {
            slots.Add(cimClass.SlotOf(name));
        }

        return CimNeed.Of(cimClass, slots, []);
    }
}

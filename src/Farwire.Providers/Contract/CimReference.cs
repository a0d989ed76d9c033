using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;

namespace Farwire.Providers.Contract;

/// <summary>References to instances, as properties of associations hold them.</summary>
internal static class CimReference
{
    /// <summary>A reference to the instance of <c>root/cimv2</c> with these keys.</summary>
    public static EndpointReference To(string className, params ReadOnlySpan<(string Key, string Value)> keys)
    {
        var selectors = new List<Selector>();
        foreach (var (key, value) in keys)
        {
            selectors.Add(new Selector(key, value));
        }

        return new EndpointReference { ResourceUri = $"{ResourceUris.WmiCimV2}/{className}", Selectors = SelectorSet.From(selectors) };
    }
}

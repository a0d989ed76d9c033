using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;

namespace Farwire.Providers.Contract;

/// <summary>From the selectors of a request to the one instance that they name.</summary>
/// <remarks>DSP0227, "Selectors": the keys of the class; a class with one instance at most needs none.</remarks>
internal static class CimKeys
{
    /// <summary>The instance, or the fault that says what is wrong with the keys.</summary>
    public static async ValueTask<CimInstance> RequireAsync(ICimProvider provider, SelectorSet selectors, CancellationToken cancellationToken) =>
        await FindAsync(provider, selectors, cancellationToken).ConfigureAwait(false)
        ?? throw CimError.NotFound($"there is no {provider.Class.Name} with {selectors}");

    /// <summary>The instance, or null.</summary>
    public static async ValueTask<CimInstance?> FindAsync(ICimProvider provider, SelectorSet selectors, CancellationToken cancellationToken)
    {
        var keys = provider.Class.Keys;
        var given = selectors.Where(s => !IsNamespace(s.Name)).ToList();
        if (given.Find(s => !keys.Any(k => k.Name.Equals(s.Name, StringComparison.OrdinalIgnoreCase))) is { } stranger)
        {
            throw FaultCatalog.UnexpectedSelectors.Fault($"{KeyedBy(provider.Class)}; '{stranger.Name}' is not a key.");
        }

        if (given.Count == 0 && (keys.Count == 0 || provider.Class.Qualifiers.IsSet("Singleton")))
        {
            await foreach (var only in provider.EnumerateAsync(CimNeed.All, cancellationToken).ConfigureAwait(false))
            {
                return only;
            }

            return null;
        }

        var values = new string[keys.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = TextOf(selectors.Find(keys[i].Name)) ?? throw KeysMissing(provider.Class);
        }

        return await provider.GetAsync(values, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True for the selector that names the namespace, which is no key.</summary>
    public static bool IsNamespace(string selector) => selector.Equals(CimResourceUri.NamespaceSelector, StringComparison.OrdinalIgnoreCase);

    // A key that is a reference is compared as the path that it stands for, in the family of URIs that providers write.
    private static string? TextOf(Selector? selector) =>
        selector is null ? null : selector.Reference is { } reference ? ((CimValue)InPaths(reference)).ToString() : selector.Value;

    private static EndpointReference InPaths(EndpointReference reference) =>
        reference.ResourceUri is { } text && CimResourceUri.Parse(text) is { IsWmi: false } uri && reference.Selectors[CimResourceUri.NamespaceSelector] is { } ns
            ? reference with
            {
                ResourceUri = $"{ResourceUris.Wmi}/{ns.Replace('\\', '/')}/{uri.ClassName}",
                Selectors = SelectorSet.From(reference.Selectors.Where(s => !IsNamespace(s.Name))),
            }
            : reference;

    // As documented: the fault comes from the part behind the resource, and stands in its words once more.
    private static WSManFaultException KeysMissing(CimClass cimClass)
    {
        var fault = FaultCatalog.SingletonKeysMissing.ToFault($"{KeyedBy(cimClass)}.");
        return new WSManFaultException(fault with { Provider = new ProviderFault("WMI Provider", "") { Inner = fault } });
    }

    private static string KeyedBy(CimClass cimClass) => $"{cimClass.Name} is keyed by {string.Join(" and ", cimClass.Keys.Select(k => k.Name))}";
}

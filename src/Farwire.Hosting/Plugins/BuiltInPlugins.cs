using Farwire.Hosting.Hardware;
using Farwire.Protocol.Names;
using Farwire.Service.Access;
using Farwire.Service.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>What the service brings itself, as the registrations that it has on Windows: to be read, not to be changed.</summary>
/// <remarks>MS-WSMV, "Plugin configuration". The names are those of Windows; the file is the service's own program.</remarks>
internal static class BuiltInPlugins
{
    private const string PowerShell = Namespaces.PowerShell + "/";

    /// <summary>Those of a service whose resources are <paramref name="uris"/>.</summary>
    /// <param name="uris">The resources that are there.</param>
    /// <param name="access">Who may do what at them.</param>
    public static IReadOnlyList<PluginConfiguration> Of(IEnumerable<string> uris, AccessPolicy access)
    {
        var there = uris.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. there.Where(uri => uri.StartsWith(PowerShell, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase).Select(uri => Plugin(uri[PowerShell.Length..], Resource(uri, false, CapabilityType.Shell))),
            .. there.Contains(SelEventsResource.Uri) ? [Plugin("SEL Plugin", Resource(SelEventsResource.Uri, false, CapabilityType.Subscribe))] : Array.Empty<PluginConfiguration>(),
            Plugin(
                "WMI Provider",
                Resource(ResourceUris.Wmi, false, Instances),
                Resource(ResourceUris.CimSchema, false, Instances),
                Resource(ResourceUris.AllClasses, true, CapabilityType.Enumerate, CapabilityType.Subscribe)),
        ];

        PluginConfiguration Plugin(string name, params PluginResourceEntry[] resources) => new(name, Environment.ProcessPath ?? "farwired")
        {
            SdkVersion = 2,
            UseSharedProcess = true,
            Resources = [.. resources.Where(resource => there.Contains(resource.Uri))],
        };

        PluginResourceEntry Resource(string uri, bool isExact, params CapabilityType[] capabilities) => new(uri, isExact, true, [.. capabilities.Select(Capability)], [.. Security(uri)]);

        IEnumerable<AccessRule> Security(string uri)
        {
            var deciding = access.RuleOf(uri);
            return access.Rules.Where(rule => rule == deciding || rule.Uri.StartsWith(uri, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static CapabilityType[] Instances { get; } =
    [
        CapabilityType.Get, CapabilityType.Put, CapabilityType.Create, CapabilityType.Delete, CapabilityType.Invoke, CapabilityType.Enumerate, CapabilityType.Subscribe,
    ];

    private static PluginCapability Capability(CapabilityType type) => new(
        type,
        SupportsFragment: type is CapabilityType.Get or CapabilityType.Put,
        SupportsFiltering: type is CapabilityType.Enumerate or CapabilityType.Subscribe);
}

using Farwire.Service.Access;
using Farwire.Service.Plugins;
using Farwire.Service.Resources;

namespace Farwire.Service.Configuration;

/// <summary>The configuration as resources below <c>…/config</c>.</summary>
public static class ConfigurationResources
{
    /// <summary>Adds them to a catalog.</summary>
    /// <param name="catalog">The catalog, which the list of resources shows.</param>
    /// <param name="live">The configuration.</param>
    /// <param name="listeners">What listens; null when nothing does.</param>
    /// <param name="seal">Seals a secret for a name; null keeps no secrets.</param>
    /// <param name="access">The rules in force; null keeps them to itself.</param>
    /// <param name="builtIn">What the service brings itself, as registrations of plug-ins; null shows none.</param>
    public static ResourceCatalog AddConfiguration(
        this ResourceCatalog catalog, LiveConfiguration live, IListenerHost? listeners = null, Func<string, string, string>? seal = null, Func<AccessPolicy>? access = null, Func<IReadOnlyList<PluginConfiguration>>? builtIn = null)
    {
        foreach (var section in ConfigurationTable.Root.AllSections)
        {
            catalog.Add(section.Uri, new SectionResource(section, live));
        }

        if (access is not null)
        {
            catalog.Add(ConfigurationTable.Security.Uri, new SecurityResource(live, access));
        }

        return catalog
            .Add(ConfigurationTable.Listeners.Uri, new EntryResource(ConfigurationTable.Listeners, live, new ListenerRules(listeners)))
            .Add(ConfigurationTable.CertificateMappings.Uri, new EntryResource(ConfigurationTable.CertificateMappings, live, new CertificateMappingRules(seal)))
            .Add(ConfigurationTable.CustomShells.Uri, new EntryResource(ConfigurationTable.CustomShells, live, new CustomShellRules()))
            .Add(PluginRegistrations.Uri, new PluginRegistrations(live, seal, builtIn ?? (static () => [])))
            .Add(ResourceListResource.Uri, new ResourceListResource(catalog));
    }
}

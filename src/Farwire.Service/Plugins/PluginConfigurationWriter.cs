using System.Globalization;
using System.Xml.Linq;
using Farwire.Plugins;

namespace Farwire.Service.Plugins;

/// <summary>A registration as PlugInConfiguration XML, with every attribute said.</summary>
/// <remarks>MS-WSMV, "PluginType".</remarks>
public static class PluginConfigurationWriter
{
    private static readonly XNamespace Ns = PluginConfigurationReader.NamespaceUri;

    /// <summary>Writes it; the password, sealed as it is, only when <paramref name="withSecrets"/>.</summary>
    public static string Write(PluginConfiguration plugin, bool withSecrets)
    {
        var quotas = plugin.Quotas;
        return new XElement(
            Ns + "PlugInConfiguration",
            new XAttribute("xmlns", Ns.NamespaceName),
            Attribute("Name", plugin.Name),
            Attribute("Filename", plugin.Filename),
            Attribute("SDKVersion", plugin.SdkVersion),
            Attribute("XmlRenderingType", plugin.XmlRendering == XmlRendering.Text ? "text" : "XmlReader"),
            Attribute("Architecture", plugin.Architecture),
            Attribute("Enabled", plugin.Enabled),
            Attribute("UseSharedProcess", plugin.UseSharedProcess),
            Attribute("ProcessIdleTimeoutSec", (int)plugin.ProcessIdleTimeout.TotalSeconds),
            Attribute("RunAsUser", plugin.RunAsUser),
            Attribute("RunAsPassword", withSecrets ? plugin.RunAsPassword : null),
            Attribute("RunAsVirtualAccount", plugin.RunAsVirtualAccount ? true : null),
            Attribute("RunAsVirtualAccountGroups", plugin.RunAsVirtualAccountGroups),
            Attribute("AutoRestart", plugin.AutoRestart),
            Attribute("OutputBufferingMode", plugin.OutputBuffering.ToString()),
            plugin.Parameters.Count == 0 ? null : new XElement(
                Ns + "InitializationParameters", plugin.Parameters.Select(p => new XElement(Ns + "Param", Attribute("Name", p.Key), Attribute("Value", p.Value)))),
            new XElement(Ns + "Resources", plugin.Resources.Select(Resource)),
            new XElement(
                Ns + "Quotas",
                Attribute("MaxConcurrentUsers", quotas.MaxConcurrentUsers),
                Attribute("MaxConcurrentOperationsPerUser", quotas.MaxConcurrentOperationsPerUser),
                Attribute("MaxConcurrentOperations", quotas.MaxConcurrentOperations),
                Attribute("MaxShells", quotas.MaxShells),
                Attribute("MaxShellsPerUser", quotas.MaxShellsPerUser),
                Attribute("MaxConcurrentCommandsPerShell", quotas.MaxConcurrentCommandsPerShell),
                Attribute("MaxMemoryPerShellMB", quotas.MaxMemoryPerShellMB),
                Attribute("MaxProcessesPerShell", quotas.MaxProcessesPerShell),
                Attribute("IdleTimeoutms", quotas.IdleTimeoutms),
                Attribute("MaxIdleTimeoutms", quotas.MaxIdleTimeoutms))).ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Resource(PluginResourceEntry resource) => new(
        Ns + "Resource",
        Attribute("ResourceUri", resource.Uri),
        Attribute("SupportsOptions", resource.SupportsOptions),
        Attribute("ExactMatch", resource.IsExact),
        resource.Security.Select(rule => new XElement(Ns + "Security", Attribute("Uri", rule.Uri), Attribute("ExactMatch", rule.IsExact), Attribute("Sddl", rule.Descriptor.Text))),
        resource.Capabilities.Select(capability => new XElement(
            Ns + "Capability",
            Attribute("Type", capability.Type.ToString()),
            Attribute("SupportsFragment", capability.SupportsFragment ? true : null),
            Attribute("SupportsFiltering", capability.SupportsFiltering ? true : null))));

    private static XAttribute? Attribute(string name, object? value) => value switch
    {
        null => null,
        bool flag => new XAttribute(name, flag ? "true" : "false"),
        _ => new XAttribute(name, Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };
}

using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Farwire.Plugins;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Service.Access;

namespace Farwire.Service.Plugins;

/// <summary>PlugInConfiguration XML to a registration; what breaks its schema or its rules faults.</summary>
/// <remarks>MS-WSMV, "PluginType" and the types in it; WinRM, "Service plug-in configuration".</remarks>
public static class PluginConfigurationReader
{
    /// <summary>The namespace of the elements.</summary>
    public const string NamespaceUri = Namespaces.Config + "/PluginConfiguration";

    private const int MaxCharacters = 256 * 1024;
    private const int MaxResources = 256;

    private static readonly XNamespace Ns = NamespaceUri;

    private static readonly string[] Attributes =
    [
        "Name", "Filename", "SDKVersion", "XmlRenderingType", "Architecture", "Enabled", "UseSharedProcess", "ProcessIdleTimeoutSec", "RunAsUser", "RunAsPassword",
        "RunAsVirtualAccount", "RunAsVirtualAccountGroups", "AutoRestart", "OutputBufferingMode",
    ];

    // <PlugInConfiguration Name="" Filename="" SDKVersion="" …>
    //   <InitializationParameters> <Param Name="" Value=""/>* </InitializationParameters>?
    //   <Resources> <Resource ResourceUri="" SupportsOptions="" ExactMatch=""> <Security/>* <Capability/>+ </Resource>+ </Resources>
    //   <Quotas …/>?
    // </PlugInConfiguration>

    /// <summary>Reads a registration; children come in any order.</summary>
    public static PluginConfiguration Read(string xml)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            root = XElement.Load(reader);
        }
        catch (XmlException e)
        {
            throw FaultCatalog.InvalidRepresentation.Fault($"the registration is no XML: {e.Message}");
        }

        // Windows writes both names, and takes both.
        if (root.Name != Ns + "PlugInConfiguration" && root.Name != Ns + "PluginConfiguration")
        {
            throw (root.Name.LocalName is "PlugInConfiguration" or "PluginConfiguration" ? FaultCatalog.InvalidXmlNamespace : FaultCatalog.SchemaValidationError)
                .Fault($"the body must hold 'PlugInConfiguration' in '{NamespaceUri}', not '{root.Name.LocalName}' in '{root.Name.NamespaceName}'.");
        }

        Known(root, Attributes);
        foreach (var child in root.Elements().Where(child => child.Name != Ns + "Resources" && child.Name != Ns + "InitializationParameters" && child.Name != Ns + "Quotas"))
        {
            throw FaultCatalog.SchemaValidationError.Fault($"'{child.Name.LocalName}' is no part of PlugInConfiguration.");
        }

        var plugin = new PluginConfiguration(Required(root, "Name"), Required(root, "Filename"))
        {
            SdkVersion = Number(root, "SDKVersion", 1, 1, 2),
            XmlRendering = OneOf(root, "XmlRenderingType", ("text", XmlRendering.Text), ("XmlReader", XmlRendering.XmlReader)),
            Architecture = root.Attribute("Architecture") is null ? null : OneOf(root, "Architecture", ("64", 64), ("32", 32)),
            Enabled = Flag(root, "Enabled", true),
            UseSharedProcess = Flag(root, "UseSharedProcess"),
            ProcessIdleTimeout = TimeSpan.FromSeconds(Number(root, "ProcessIdleTimeoutSec", 0, 0, 1_000_000)),
            RunAsUser = Optional(root, "RunAsUser"),
            RunAsPassword = Optional(root, "RunAsPassword"),
            RunAsVirtualAccount = Flag(root, "RunAsVirtualAccount"),
            RunAsVirtualAccountGroups = Optional(root, "RunAsVirtualAccountGroups"),
            AutoRestart = Flag(root, "AutoRestart"),
            OutputBuffering = OneOf(root, "OutputBufferingMode", ("Block", OutputBuffering.Block), ("Drop", OutputBuffering.Drop), ("None", OutputBuffering.None)),
            Parameters = [.. root.Elements(Ns + "InitializationParameters").Elements().Select(Parameter)],
            Resources = [.. root.Elements(Ns + "Resources").Elements().Select(Resource)],
            Quotas = root.Element(Ns + "Quotas") is { } quotas ? Quotas(quotas) : new PluginQuotas(),
        };
        return plugin.Resources.Count switch
        {
            0 => throw FaultCatalog.InvalidXmlMissingValues.Fault("Resource is missing: a plug-in serves at least one."),
            > MaxResources => throw FaultCatalog.QuotaLimit.Fault($"a plug-in has at most {MaxResources} resources."),
            _ when plugin is { RunAsUser: not null, RunAsVirtualAccount: true } => throw Invalid("RunAsUser and RunAsVirtualAccount exclude each other."),
            _ => plugin,
        };
    }

    private static KeyValuePair<string, string> Parameter(XElement param)
    {
        Named(param, "Param");
        Known(param, "Name", "Value");
        return new(Required(param, "Name"), Optional(param, "Value") ?? "");
    }

    private static PluginResourceEntry Resource(XElement resource)
    {
        Named(resource, "Resource");
        Known(resource, "ResourceUri", "SupportsOptions", "SupportOptions", "ExactMatch");
        var uri = ResourceUri(resource, "ResourceUri");
        var capabilities = resource.Elements().Where(e => e.Name == Ns + "Capability").Select(Capability).ToList();
        if (resource.Elements().FirstOrDefault(e => e.Name != Ns + "Capability" && e.Name != Ns + "Security") is { } other)
        {
            throw FaultCatalog.SchemaValidationError.Fault($"'{other.Name.LocalName}' is no part of Resource.");
        }

        if (capabilities.Count == 0)
        {
            throw FaultCatalog.InvalidXmlMissingValues.Fault($"'{uri}' has no Capability.");
        }

        if (capabilities.Count > 1 && capabilities.Exists(c => c.Type == CapabilityType.Shell))
        {
            throw Invalid($"'{uri}' has the capability Shell, which excludes all others.");
        }

        if (capabilities.DistinctBy(c => c.Type).Count() < capabilities.Count)
        {
            throw Invalid($"'{uri}' has a capability twice.");
        }

        // Pages of the portal write both.
        var options = resource.Attribute("SupportsOptions") is null && resource.Attribute("SupportOptions") is not null ? "SupportOptions" : "SupportsOptions";
        return new PluginResourceEntry(uri, Flag(resource, "ExactMatch"), Flag(resource, options), capabilities, [.. resource.Elements(Ns + "Security").Select(security => Security(security, uri))]);
    }

    private static PluginCapability Capability(XElement capability)
    {
        Known(capability, "Type", "SupportsFragment", "SupportsFiltering");
        Required(capability, "Type");
        var type = OneOf(capability, "Type", [.. Enum.GetValues<CapabilityType>().Select(one => (one.ToString(), one))]);
        var read = new PluginCapability(type, Flag(capability, "SupportsFragment"), Flag(capability, "SupportsFiltering"));
        if (read.SupportsFragment && type is not (CapabilityType.Get or CapabilityType.Put or CapabilityType.Create))
        {
            throw Invalid($"{type} has no parts: SupportsFragment is for Get, Put and Create.");
        }

        return read.SupportsFiltering && type is not (CapabilityType.Enumerate or CapabilityType.Subscribe)
            ? throw Invalid($"{type} has no filter: SupportsFiltering is for Enumerate and Subscribe.")
            : read;
    }

    private static AccessRule Security(XElement security, string resourceUri)
    {
        Known(security, "Uri", "Sddl", "ExactMatch");
        if (security.Elements().Any())
        {
            throw FaultCatalog.SchemaValidationError.Fault("Security has attributes only.");
        }

        var uri = security.Attribute("Uri") is null ? resourceUri : ResourceUri(security, "Uri");
        if (!uri.StartsWith(resourceUri.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid($"Security is about '{uri}', which is no part of the resource '{resourceUri}'.");
        }

        try
        {
            return new AccessRule(uri, Flag(security, "ExactMatch"), SecurityDescriptor.Parse(Required(security, "Sddl")));
        }
        catch (SddlException e)
        {
            throw Invalid($"the Sddl of '{uri}' is none: {e.Message}");
        }
    }

    private static PluginQuotas Quotas(XElement quotas)
    {
        const int most = int.MaxValue;
        Known(
            quotas, "MaxConcurrentUsers", "MaxConcurrentOperationsPerUser", "MaxConcurrentOperations", "MaxShells", "MaxShellsPerUser", "MaxConcurrentCommandsPerShell",
            "MaxMemoryPerShellMB", "MaxProcessesPerShell", "IdleTimeoutms", "MaxIdleTimeoutms");
        var none = new PluginQuotas();
        return new PluginQuotas
        {
            MaxConcurrentUsers = Number(quotas, "MaxConcurrentUsers", most, 1, most),
            MaxConcurrentOperationsPerUser = Number(quotas, "MaxConcurrentOperationsPerUser", most, 1, most),
            MaxConcurrentOperations = Number(quotas, "MaxConcurrentOperations", most, 1, most),
            MaxShells = Number(quotas, "MaxShells", most, 1, most),
            MaxShellsPerUser = Number(quotas, "MaxShellsPerUser", most, 1, most),
            MaxConcurrentCommandsPerShell = Number(quotas, "MaxConcurrentCommandsPerShell", most, 1, most),
            MaxMemoryPerShellMB = Number(quotas, "MaxMemoryPerShellMB", most, 5, most),
            MaxProcessesPerShell = Number(quotas, "MaxProcessesPerShell", most, 1, most),
            IdleTimeoutms = Number(quotas, "IdleTimeoutms", none.IdleTimeoutms, 1000, most),
            MaxIdleTimeoutms = Number(quotas, "MaxIdleTimeoutms", most, 1000, most),
        };
    }

    private static string ResourceUri(XElement element, string name)
    {
        var text = Required(element, name);
        return Uri.IsWellFormedUriString(text, UriKind.Absolute) && !text.Contains('#', StringComparison.Ordinal)
            ? text
            : throw Invalid($"'{text}' is no URI after RFC 3986.");
    }

    private static string Required(XElement element, string name) =>
        Optional(element, name) ?? throw FaultCatalog.InvalidXmlMissingValues.Fault($"{name} is missing or empty in {element.Name.LocalName}.");

    private static string? Optional(XElement element, string name) => element.Attribute(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private static bool Flag(XElement element, string name, bool absent = false) => element.Attribute(name)?.Value.Trim().ToUpperInvariant() switch
    {
        null => absent,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        var other => throw Invalid($"{name} is true or false, not '{other}'."),
    };

    private static int Number(XElement element, string name, int absent, int least, int most)
    {
        if (element.Attribute(name)?.Value.Trim() is not { } text)
        {
            return absent;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid($"{name} is a number from {least} to {most}, not '{text}'.");
    }

    // The first is the default.
    private static T OneOf<T>(XElement element, string name, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        var text = element.Attribute(name)?.Value.Trim();
        if (text is null)
        {
            return choices[0].Value;
        }

        foreach (var (choice, value) in choices)
        {
            if (choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var names = new List<string>();
        foreach (var (choice, _) in choices)
        {
            names.Add(choice);
        }

        throw Invalid($"{name} is one of {string.Join(", ", names)}, not '{text}'.");
    }

    private static void Known(XElement element, params ReadOnlySpan<string> names)
    {
        foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration && a.Name.Namespace == XNamespace.None))
        {
            if (!names.Contains(attribute.Name.LocalName))
            {
                throw FaultCatalog.SchemaValidationError.Fault($"'{attribute.Name.LocalName}' is no attribute of {element.Name.LocalName}.");
            }
        }
    }

    private static void Named(XElement element, string name)
    {
        if (element.Name != Ns + name)
        {
            throw FaultCatalog.SchemaValidationError.Fault($"'{element.Name.LocalName}' stands where {name} was expected.");
        }
    }

    private static WSManFaultException Invalid(string why) => FaultCatalog.InvalidXmlValues.Fault(why);
}

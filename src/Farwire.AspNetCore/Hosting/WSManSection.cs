using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Farwire.Service.Plugins;
using Microsoft.Extensions.Configuration;

namespace Farwire.AspNetCore.Hosting;

/// <summary>The configuration of a service inside of a web application.</summary>
/// <remarks>WinRM, "IIS host plug-in configuration": the section <c>system.management.wsmanagement.config</c>, whose names and defaults these are.</remarks>
public sealed record WSManSection
{
    /// <summary>The element's name.</summary>
    public const string Name = "system.management.wsmanagement.config";

    private const int MaxCharacters = 1024 * 1024;

    private static readonly string[] Numbers =
    [
        "MaxEnvelopeSizeKB", "MaxOperationTimeoutSeconds", "MaxEnumerateIdleTimeoutSeconds", "MaxSubscribeIdleTimeoutSeconds", "MaxShellIdleTimeoutMinutes",
        "QuotaRefreshIntervalSeconds", "QuotaSystemWindowSeconds", "QuotaSystemWindowOperations",
    ];

    /// <summary>MaxEnvelopeSizeKB: 32 to 1039440.</summary>
    public int MaxEnvelopeSizeKB { get; init; } = 150;

    /// <summary>MaxOperationTimeoutSeconds: what an envelope asks for beyond it is cut to it.</summary>
    public int MaxOperationTimeoutSeconds { get; init; } = 60;

    /// <summary>MaxEnumerateIdleTimeoutSeconds.</summary>
    public int MaxEnumerateIdleTimeoutSeconds { get; init; } = 60;

    /// <summary>MaxSubscribeIdleTimeoutSeconds.</summary>
    public int MaxSubscribeIdleTimeoutSeconds { get; init; } = 60;

    /// <summary>MaxShellIdleTimeoutMinutes.</summary>
    public int MaxShellIdleTimeoutMinutes { get; init; } = 15;

    /// <summary>QuotaRefreshIntervalSeconds: how long the authorization plug-in's answer about a user holds.</summary>
    public int QuotaRefreshIntervalSeconds { get; init; } = 900;

    /// <summary>QuotaSystemWindowSeconds: the time in which operations are counted.</summary>
    public int QuotaSystemWindowSeconds { get; init; } = 2;

    /// <summary>QuotaSystemWindowOperations: operations in that time.</summary>
    public int QuotaSystemWindowOperations { get; init; } = 1000;

    /// <summary>The authorization plug-in, or null.</summary>
    public AuthorizationPluginEntry? Authorization { get; init; }

    /// <summary>The plug-ins of operations and shells.</summary>
    public IReadOnlyList<PluginConfiguration> Plugins { get; init; } = [];

    // <system.management.wsmanagement.config>
    //   <OperationsConfiguration MaxEnvelopeSizeKB="" …/>?
    //   <PluginModules>
    //     <AuthorizationPlugin Name="" Filename="" SDKVersion="" SupportsQuota=""/>?
    //     <OperationsPlugins> <Plugin …>as PlugInConfiguration</Plugin>* </OperationsPlugins>?
    //   </PluginModules>?
    // </system.management.wsmanagement.config>

    /// <summary>Reads the section in a file: it is the root, or stands in it as in a web.config.</summary>
    /// <exception cref="InvalidDataException">It is missing or not valid; the message says what and why.</exception>
    public static WSManSection ReadFile(string path)
    {
        try
        {
            using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            var root = XElement.Load(reader);
            return Read(root.DescendantsAndSelf().FirstOrDefault(e => Is(e, Name)) ?? throw new InvalidDataException($"it has no element '{Name}'."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException or InvalidDataException)
        {
            throw new InvalidDataException($"The configuration {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Reads the section from the application's configuration: a name with a value is an attribute, one with names below it an element, a list the element again and again.</summary>
    /// <exception cref="InvalidDataException">It is not valid; the message says what and why.</exception>
    public static WSManSection Read(IConfigurationSection section)
    {
        try
        {
            return Read(Element(Name, section));
        }
        catch (Exception e) when (e is XmlException or InvalidDataException)
        {
            throw new InvalidDataException($"The configuration section '{section.Path}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Reads the section.</summary>
    /// <exception cref="InvalidDataException">It is not valid.</exception>
    public static WSManSection Read(XElement section)
    {
        // Pages of the portal spell some names in two ways.
        var operations = Child(section, "OperationsConfiguration", "OperationConfiguration");
        var modules = Child(section, "PluginModules", "PlugInModules", "PluginModule");
        Known(section, operations, modules);
        foreach (var attribute in operations?.Attributes().Where(a => !a.IsNamespaceDeclaration) ?? [])
        {
            if (!Numbers.Contains(attribute.Name.LocalName, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidDataException($"'{attribute.Name.LocalName}' is no setting of OperationsConfiguration; known are {string.Join(", ", Numbers)}.");
            }
        }

        var authorization = modules is null ? null : Child(modules, "AuthorizationPlugin", "AuthorizationPlugIn");
        var operationsPlugins = modules is null ? null : Child(modules, "OperationsPlugins", "OperationPlugins", "OperationsPlugIns");
        if (modules is not null)
        {
            Known(modules, authorization, operationsPlugins);
        }

        var plugins = (operationsPlugins?.Elements() ?? []).Select(Plugin).ToList();
        Unique(plugins.Select(plugin => plugin.Name).Concat(authorization is null ? [] : [Required(authorization, "Name")]), "Name");
        Unique(plugins.SelectMany(plugin => plugin.Resources).Select(resource => resource.Uri), "ResourceUri");
        var none = new WSManSection();
        return new WSManSection
        {
            MaxEnvelopeSizeKB = Number(operations, nameof(MaxEnvelopeSizeKB), none.MaxEnvelopeSizeKB, 32, 1_039_440),
            MaxOperationTimeoutSeconds = Number(operations, nameof(MaxOperationTimeoutSeconds), none.MaxOperationTimeoutSeconds, 1, 86_400),
            MaxEnumerateIdleTimeoutSeconds = Number(operations, nameof(MaxEnumerateIdleTimeoutSeconds), none.MaxEnumerateIdleTimeoutSeconds, 1, 86_400),
            MaxSubscribeIdleTimeoutSeconds = Number(operations, nameof(MaxSubscribeIdleTimeoutSeconds), none.MaxSubscribeIdleTimeoutSeconds, 1, 86_400),
            MaxShellIdleTimeoutMinutes = Number(operations, nameof(MaxShellIdleTimeoutMinutes), none.MaxShellIdleTimeoutMinutes, 1, 35_791),
            QuotaRefreshIntervalSeconds = Number(operations, nameof(QuotaRefreshIntervalSeconds), none.QuotaRefreshIntervalSeconds, 1, 2_147_483),
            QuotaSystemWindowSeconds = Number(operations, nameof(QuotaSystemWindowSeconds), none.QuotaSystemWindowSeconds, 1, 86_400),
            QuotaSystemWindowOperations = Number(operations, nameof(QuotaSystemWindowOperations), none.QuotaSystemWindowOperations, 1, int.MaxValue),
            Authorization = authorization is null ? null : AuthorizationPluginEntry.Read(authorization),
            Plugins = plugins,
        };
    }

    internal static string Required(XElement element, string name) =>
        Attribute(element, name) ?? throw new InvalidDataException($"{name} is missing or empty in {element.Name.LocalName}.");

    internal static string? Attribute(XElement element, string name) =>
        element.Attributes().FirstOrDefault(a => a.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Trim() is { Length: > 0 } text ? text : null;

    internal static int Number(XElement? element, string name, int absent, int least, int most) => element is null || Attribute(element, name) is not { } text ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidDataException($"{name} is a number from {least} to {most}, not '{text}'.");

    private static PluginConfiguration Plugin(XElement plugin)
    {
        if (!Is(plugin, "Plugin") && !Is(plugin, "PlugInConfiguration"))
        {
            throw new InvalidDataException($"'{plugin.Name.LocalName}' stands where Plugin was expected.");
        }

        try
        {
            return PluginConfigurationReader.Read(In(PluginConfigurationReader.NamespaceUri, plugin, "PlugInConfiguration").ToString());
        }
        catch (Protocol.Faults.WSManFaultException e)
        {
            throw new InvalidDataException($"the plug-in '{Attribute(plugin, "Name")}' is not valid: {e.Message}", e);
        }
    }

    private static XElement In(XNamespace ns, XElement element, string? name = null) =>
        new(ns + (name ?? element.Name.LocalName), element.Attributes().Where(a => !a.IsNamespaceDeclaration), element.Elements().Select(child => In(ns, child)));

    private static XElement Element(string name, IConfigurationSection section)
    {
        var element = new XElement(name);
        foreach (var child in section.GetChildren())
        {
            if (child.Value is { } value)
            {
                element.Add(new XAttribute(child.Key, value));
            }
            else if (child.GetChildren().All(item => int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                element.Add(child.GetChildren().Select(item => Element(child.Key, item)));
            }
            else
            {
                element.Add(Element(child.Key, child));
            }
        }

        return element;
    }

    private static bool Is(XElement element, string name) => element.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static XElement? Child(XElement element, params string[] names)
    {
        var found = element.Elements().Where(child => names.Any(name => Is(child, name))).ToList();
        return found.Count < 2 ? found.FirstOrDefault() : throw new InvalidDataException($"{names[0]} stands {found.Count} times in {element.Name.LocalName}.");
    }

    private static void Known(XElement element, params XElement?[] known)
    {
        if (element.Elements().FirstOrDefault(child => !known.Contains(child)) is { } other)
        {
            throw new InvalidDataException($"'{other.Name.LocalName}' is no part of {element.Name.LocalName}.");
        }
    }

    private static void Unique(IEnumerable<string> names, string what)
    {
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"{what} '{twice.Key}' is there twice; each is there once.");
        }
    }
}

/// <summary>The authorization plug-in of a section.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Filename">Its assembly; variables in it are those of the application.</param>
/// <param name="SupportsQuota">It is asked for the limits of each user.</param>
public sealed record AuthorizationPluginEntry(string Name, string Filename, bool SupportsQuota)
{
    /// <summary>Its initialization parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    internal static AuthorizationPluginEntry Read(XElement element)
    {
        WSManSection.Number(element, "SDKVersion", 1, 1, 1);
        var quota = WSManSection.Attribute(element, "SupportsQuota") ?? "false";
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var param in element.Elements().Where(e => e.Name.LocalName == "InitializationParameters").Elements())
        {
            parameters[WSManSection.Required(param, "Name")] = WSManSection.Attribute(param, "Value") ?? "";
        }

        return new AuthorizationPluginEntry(
            WSManSection.Required(element, "Name"),
            WSManSection.Required(element, "Filename"),
            bool.TryParse(quota, out var asked) ? asked : throw new InvalidDataException($"SupportsQuota is true or false, not '{quota}'."))
        {
            Parameters = parameters,
        };
    }
}

using Farwire.Protocol.Names;

namespace Farwire.Cim.Naming;

/// <summary>A resource URI that names a CIM class, or all classes of a namespace.</summary>
/// <param name="ClassName">The class as the client spells it; <c>*</c> for all.</param>
/// <param name="Namespace">Such as <c>root/cimv2</c>; null when the selector <c>__cimnamespace</c> names it.</param>
/// <remarks>DSP0227, "Resource URI formats"; MS-WSMV, "Resource URIs of CIM objects".</remarks>
public sealed record CimResourceUri(string ClassName, string? Namespace)
{
    /// <summary>The selector that names the namespace of a DMTF URI.</summary>
    public const string NamespaceSelector = "__cimnamespace";

    /// <summary>The URI means all classes: the target of queries.</summary>
    public bool IsAllClasses => ClassName == "*";

    /// <summary>The namespace stands in the path.</summary>
    public bool IsWmi => Namespace is not null;

    /// <summary>Reads a URI of either family; null when it is none of them.</summary>
    public static CimResourceUri? Parse(string resourceUri)
    {
        if (After(resourceUri, ResourceUris.Wmi) is { } path)
        {
            var slash = path.LastIndexOf('/');
            return slash > 0 && slash < path.Length - 1 ? new CimResourceUri(path[(slash + 1)..], path[..slash].Replace('\\', '/')) : null;
        }

        if (resourceUri.Equals(ResourceUris.AllClasses, StringComparison.OrdinalIgnoreCase))
        {
            return new CimResourceUri("*", null);
        }

        return After(resourceUri, ResourceUris.CimSchema) is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal)
            ? new CimResourceUri(name, null)
            : null;
    }

    /// <summary>The URI of the class <paramref name="className"/>, in the family of this one.</summary>
    public string ForClass(string className) => Namespace is null ? $"{ResourceUris.CimSchema}/{className}" : $"{ResourceUris.Wmi}/{Namespace}/{className}";

    private static string? After(string uri, string root) =>
        uri.Length > root.Length && uri.StartsWith(root, StringComparison.OrdinalIgnoreCase) && uri[root.Length] == '/' ? uri[(root.Length + 1)..] : null;
}

namespace Farwire.Protocol.Names;

/// <summary>The short names of resource URIs that people and scripts write; they never stand on the wire.</summary>
/// <remarks>WinRM documentation, "URI Prefixes" and "Resource URIs".</remarks>
public static class ResourceAliases
{
    private static readonly (string Alias, string Uri)[] Known =
    [
        ("wmicimv2", ResourceUris.WmiCimV2),
        ("wmi", ResourceUris.Wmi),
        ("cimv2", ResourceUris.CimSchema),
        ("winrm", ResourceUris.Microsoft),
        ("wsman", ResourceUris.Microsoft),
        ("shell", ResourceUris.Shell),
    ];

    /// <summary>The resource URI that <paramref name="uri"/> stands for: an alias at its beginning is written out.</summary>
    public static string Expand(string uri)
    {
        foreach (var (alias, root) in Known)
        {
            if (uri.StartsWith(alias, StringComparison.OrdinalIgnoreCase) && (uri.Length == alias.Length || uri[alias.Length] == '/'))
            {
                return root + uri[alias.Length..];
            }
        }

        return uri;
    }
}

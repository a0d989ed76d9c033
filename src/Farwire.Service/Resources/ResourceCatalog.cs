using System.Collections.Frozen;
using Farwire.Service.Roles;

namespace Farwire.Service.Resources;

/// <summary>Which resource answers to which URI.</summary>
/// <remarks>Filled before the service starts; looked up without locks after that. Single URIs come before families.</remarks>
public sealed class ResourceCatalog
{
    private readonly Dictionary<string, IResource> _byUri = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IResourceProvider> _families = [];
    private readonly List<IRole> _roles = [];
    private FrozenDictionary<string, IResource>? _frozen;

    /// <summary>Adds the resource at exactly <paramref name="resourceUri"/>.</summary>
    /// <exception cref="ArgumentException">The URI has a resource already.</exception>
    public ResourceCatalog Add(string resourceUri, IResource resource)
    {
        _byUri.Add(resourceUri, resource);
        _frozen = null;
        return this;
    }

    /// <summary>Adds a family; earlier families are asked first.</summary>
    public ResourceCatalog Add(IResourceProvider family)
    {
        _families.Add(family);
        return this;
    }

    /// <summary>Adds a role that is a process of its own; its messages go there before anything here is asked.</summary>
    public ResourceCatalog Add(IRole role)
    {
        _roles.Add(role);
        return this;
    }

    /// <summary>The role that a message is for, or null.</summary>
    internal IRole? RoleOf(string resourceUri, string path)
    {
        foreach (var role in _roles)
        {
            if (role.Takes(resourceUri, path))
            {
                return role;
            }
        }

        return null;
    }

    /// <summary>The URIs of all resources, and for families those they begin with.</summary>
    public IEnumerable<string> Uris => _byUri.Keys.Concat(_families.SelectMany(family => family.Uris)).Concat(_roles.SelectMany(role => role.Uris)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);

    /// <summary>Takes the events that sources deliver; null when the service collects none.</summary>
    public IDeliveryTarget? Deliveries { get; set; }

    /// <summary>The resource of this URI, or null.</summary>
    public IResource? Find(string resourceUri)
    {
        _frozen ??= _byUri.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        if (_frozen.TryGetValue(resourceUri, out var resource))
        {
            return resource;
        }

        foreach (var family in _families)
        {
            if (family.Find(resourceUri) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

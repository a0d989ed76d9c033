using System.Collections.Concurrent;
using Farwire.Cim.Classes;
using Farwire.Cim.Naming;
using Farwire.Protocol.Names;
using Farwire.Service.Resources;

namespace Farwire.Providers.Contract;

/// <summary>The CIM classes as resources, under the URIs of both families.</summary>
/// <remarks>DSP0227, "Resource URI formats".</remarks>
public sealed class CimCatalog : IResourceProvider
{
    private const int MaxRemembered = 4096;

    private readonly Dictionary<string, CimNamespace> _namespaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, CimResource> _resources = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The namespace of URIs and requests that name none.</summary>
    public string DefaultNamespace { get; init; } = "root/cimv2";

    /// <summary>The clock by which instances are watched for events.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Adds a namespace with the providers of its classes.</summary>
    public CimCatalog Add(CimSchema schema, params IEnumerable<ICimProvider> providers)
    {
        _namespaces.Add(schema.Namespace, new CimNamespace(schema, [.. providers]));
        return this;
    }

    /// <summary>Adds what the methods of classes do, to a namespace that is there.</summary>
    public CimCatalog AddMethods(CimSchema schema, params IEnumerable<ICimMethods> methods)
    {
        _namespaces[schema.Namespace].Methods.AddRange(methods);
        return this;
    }

    /// <summary>True when the namespace is there.</summary>
    public bool Has(string namespaceName) => _namespaces.ContainsKey(namespaceName);

    internal IEnumerable<CimNamespace> Namespaces => _namespaces.Values;

    /// <inheritdoc/>
    public IReadOnlyList<string> Uris { get; } = [ResourceUris.Wmi, ResourceUris.CimSchema, ResourceUris.AllClasses];

    /// <inheritdoc/>
    public IResource? Find(string resourceUri)
    {
        if (_resources.TryGetValue(resourceUri, out var known))
        {
            return known;
        }

        if (resourceUri.Equals(CimClassResource.Uri, StringComparison.OrdinalIgnoreCase))
        {
            return new CimClassResource(this);
        }

        if (CimResourceUri.Parse(resourceUri) is not { } uri)
        {
            return null;
        }

        var resource = new CimResource(this, uri);
        if (_resources.Count < MaxRemembered)
        {
            _resources.TryAdd(resourceUri, resource);
        }

        return resource;
    }

    internal CimNamespace Namespace(string name) => _namespaces.GetValueOrDefault(name)
        ?? throw CimError.InvalidNamespace($"there is no namespace '{name}'; there are {string.Join(", ", _namespaces.Keys)}");
}

/// <summary>The classes of a namespace and who knows their instances.</summary>
internal sealed class CimNamespace(CimSchema schema, IReadOnlyList<ICimProvider> providers)
{
    public string Name => schema.Namespace;

    public IReadOnlyList<ICimProvider> Providers => providers;

    public CimSchema Schema => schema;

    public List<ICimMethods> Methods { get; } = [];

    public CimClass? Find(string name) => schema.Find(name);

    public CimClass Class(string name) => schema.Find(name) ?? throw CimError.InvalidClass($"there is no class '{name}' in {schema.Namespace}");

    /// <summary>The providers of a class and of those derived from it.</summary>
    public IEnumerable<ICimProvider> ProvidersOf(CimClass cimClass) => providers.Where(p => p.Class.IsA(cimClass.Name));

    public ICimProvider? ProviderOf(CimClass cimClass) => providers.FirstOrDefault(p => p.Class == cimClass);

    /// <summary>Who knows what a method of a class does; those of the class itself come before those of its ancestors.</summary>
    public ICimMethods? MethodsOf(CimClass cimClass, string method)
    {
        for (var c = cimClass; c is not null; c = c.Superclass)
        {
            if (Methods.Find(m => m.Class == c && m.Knows(method)) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

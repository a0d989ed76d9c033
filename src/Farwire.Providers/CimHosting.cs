using Farwire.Service.Hosting;

namespace Farwire.Providers;

/// <summary>The CIM data of the machine in a service inside of an application.</summary>
public static class CimHosting
{
    /// <summary>Serves the classes of this machine.</summary>
    public static WSManBuilder AddCimProviders(this WSManBuilder builder) => builder.AddResources(parts => parts.Catalog.Add(CimProviders.Linux()));
}

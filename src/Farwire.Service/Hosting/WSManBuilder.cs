using Farwire.Service.Plugins;
using Farwire.Service.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace Farwire.Service.Hosting;

/// <summary>Puts a service together inside of an application: <c>AddWSMan().AddShells()</c>.</summary>
/// <param name="services">The application's services.</param>
public sealed class WSManBuilder(IServiceCollection services)
{
    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>Adds resources when the service starts.</summary>
    public WSManBuilder AddResources(Action<WSManParts> add)
    {
        Services.AddSingleton(new WSManModule(add));
        return this;
    }
}

/// <summary>One step of putting a service together.</summary>
/// <param name="Add">Adds what it brings.</param>
public sealed record WSManModule(Action<WSManParts> Add);

/// <summary>A service while it is put together.</summary>
/// <param name="Catalog">Where resources go.</param>
/// <param name="Plugins">The plug-ins of its configuration.</param>
/// <param name="ShellIdleTimeout">How long a shell lives without a request when nobody says.</param>
public sealed record WSManParts(ResourceCatalog Catalog, PluginCatalog Plugins, TimeSpan ShellIdleTimeout)
{
    /// <summary>What ends with the service.</summary>
    public IList<IAsyncDisposable> Owned { get; } = [];
}

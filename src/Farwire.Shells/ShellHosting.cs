using Farwire.Service.Hosting;

namespace Farwire.Shells;

/// <summary>Shells of a service inside of an application.</summary>
public static class ShellHosting
{
    /// <summary>Serves the shells of plug-ins, and no other.</summary>
    public static WSManBuilder AddPluginShells(this WSManBuilder builder) => builder.AddResources(parts =>
    {
        var shells = new CommandShell(new ShellOptions { IdleTimeout = parts.ShellIdleTimeout, MaxIdleTimeout = parts.ShellIdleTimeout });
        shells.AddTo(parts.Catalog, parts.Plugins);
        parts.Owned.Add(shells);
    });

    /// <summary>Serves the command shell, as the account of the application, and the shells of plug-ins.</summary>
    public static WSManBuilder AddShells(this WSManBuilder builder) => builder.AddResources(parts =>
    {
        var shells = new CommandShell(new ShellOptions { IdleTimeout = parts.ShellIdleTimeout, MaxIdleTimeout = parts.ShellIdleTimeout });
        shells.AddTo(parts.Catalog);
        shells.AddTo(parts.Catalog, parts.Plugins);
        parts.Owned.Add(shells);
    });
}

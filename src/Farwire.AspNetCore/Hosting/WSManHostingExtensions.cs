using Farwire.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Farwire.AspNetCore.Hosting;

/// <summary>A WS-Management service inside of any ASP.NET Core application.</summary>
public static class WSManHostingExtensions
{
    /// <summary>Adds the service. It has no resources until its configuration names plug-ins, or the builder adds some.</summary>
    public static WSManBuilder AddWSMan(this IServiceCollection services, Action<WSManHostOptions>? configure = null)
    {
        services.Configure(configure ?? (static _ => { }));
        services.AddSingleton<WSManHost>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<WSManHost>());
        return new WSManBuilder(services);
    }

    /// <summary>Serves it at a path of its own, beside whatever else the application does.</summary>
    public static IEndpointConventionBuilder MapWSMan(this IEndpointRouteBuilder endpoints, string path = "/wsman")
    {
        var host = endpoints.ServiceProvider.GetRequiredService<WSManHost>();
        var prefix = path.Trim('/');
        return endpoints.Map("/" + prefix, host.At(prefix)).WithDisplayName("WS-Management");
    }
}

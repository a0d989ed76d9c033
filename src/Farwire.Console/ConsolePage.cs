using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Console.Components;
using Farwire.Console.Events;
using Farwire.Console.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Farwire.Console;

/// <summary>The page on a collector: its events, its sources, its subscriptions, for people with a browser.</summary>
/// <remarks>
/// Rendered here, whole; the browser gets text, one sheet of styles, and one script that appends lines. It asks who is there as the service does, and
/// whoever may do something at the collector's resources may do it here. Events are hostile: nothing of them reaches the browser but as text.
/// </remarks>
public sealed class ConsolePage : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ConsolePage(WebApplication application) => _application = application;

    /// <summary>Where it is, such as <c>http://127.0.0.1:5983/</c>.</summary>
    public Uri Address => new(_application.Urls.First());

    /// <summary>Starts listening.</summary>
    /// <param name="listener">Where: on loopback, or with a certificate.</param>
    /// <param name="collector">Whose events.</param>
    /// <param name="edge">Who may come, and who may do what.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where logs go; nowhere when null.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The address cannot be had.</exception>
    /// <exception cref="ArgumentException">The listener is in clear, and not on loopback.</exception>
    public static async Task<ConsolePage> StartAsync(
        Listener listener, EventCollector collector, WSManEdge edge, TimeProvider? time = null, ILoggerFactory? logs = null, CancellationToken cancellationToken = default)
    {
        // Empty: no environment variable and no file of the working folder has a say in where this listens and whom it lets in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ConsolePage).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForPages(listener, edge));
        if (logs is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        }

        builder.Services
            .AddRouting()
            .AddSingleton(collector)
            .AddSingleton(new CustomViews(Path.Combine(collector.Options.Folder, "views.json")))
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(edge)
            .AddHttpContextAccessor()
            .AddRazorComponents();

        // Forms of a page that was left open over a restart are asked for again; no key lies on the disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        _ = collector.Rates; // counted from now on
        var application = builder.Build();
        application.Use(PageHeaders.AddAsync);
        application.UseEdgeAuthentication(edge);
        application.Use(new PageAccess(edge).CheckAsync);
        application.UseRouting();
        application.UseAntiforgery();
        application.MapGet("/assets/{name}", PageAssets.ServeAsync);
        application.MapGet("/tail/events", new LiveTail(collector, application.Lifetime).ServeAsync);
        application.MapRazorComponents<App>();
        var page = new ConsolePage(application);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return page;
        }
        catch
        {
            await page.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _application.StopAsync(patience.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }
}

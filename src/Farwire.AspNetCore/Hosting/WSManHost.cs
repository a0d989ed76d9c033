using Farwire.Plugins;
using Farwire.Service.Access;
using Farwire.Service.Dispatch;
using Farwire.Service.Hosting;
using Farwire.Service.Plugins;
using Farwire.Service.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Farwire.AspNetCore.Hosting;

/// <summary>The service inside of a web application: it starts and stops with it. No resource is there but those that plug-ins and modules bring.</summary>
/// <remarks>WinRM, "IIS host plug-in configuration".</remarks>
internal sealed class WSManHost(
    IOptions<WSManHostOptions> options, IEnumerable<WSManModule> modules, IConfiguration configuration, IHostEnvironment environment, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    private WSManEdge? _edge;
    private AuthenticationStage? _authentication;
    private InProcessPlugins? _plugins;
    private AuthorizationGate? _gate;
    private IAuthorizationPlugin? _authorization;
    private WSManParts? _parts;
    private int _isOver;

    /// <summary>Serves requests at <paramref name="prefix"/>, once the application has started.</summary>
    public RequestDelegate At(string prefix)
    {
        WSManEndpoint? endpoint = null;
        return http =>
        {
            if (_edge is null)
            {
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }

            return (endpoint ??= new WSManEndpoint(_edge, _authentication!, prefix)).HandleAsync(http);
        };
    }

    /// <summary>Reads the configuration, which must be valid, and puts the service together.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var host = options.Value;
        var section = host.ConfigurationFile is { } file ? WSManSection.ReadFile(Path.Combine(environment.ContentRootPath, file))
            : host.ConfigurationSection is { } name ? WSManSection.Read(configuration.GetSection(name))
            : host.Section;
        var log = logs.CreateLogger("Farwire.Plugins");
        _plugins = new InProcessPlugins(environment.ContentRootPath, ShutdownReason.WebHost);
        var plugins = new PluginCatalog(section.Plugins, _plugins, log);
        var catalog = new ResourceCatalog();
        _parts = new WSManParts(catalog, plugins, TimeSpan.FromMinutes(section.MaxShellIdleTimeoutMinutes));
        foreach (var module in modules)
        {
            module.Add(_parts);
        }

        catalog.Add(plugins);
        await AuthorizeAsync(section, log, cancellationToken).ConfigureAwait(false);
        var dispatcher = new Dispatcher(catalog, OptionsOf(section, plugins), logger: logs.CreateLogger<Dispatcher>());
        _parts.Owned.Insert(0, dispatcher);
        var edge = new WSManEdgeOptions { AllowUnencrypted = host.AllowUnencrypted, Accounts = host.Accounts ?? HostAccount.Instance, TakesHostsUsers = true };
        _edge = new WSManEdge(dispatcher, host.Schemes, edge, logs);
        _authentication = new AuthenticationStage(_edge, TimeProvider.System, logs.CreateLogger("Farwire.Edge"));
    }

    /// <summary>Ends what is open, and tells the plug-ins.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        foreach (var owned in _parts?.Owned ?? [])
        {
            await owned.DisposeAsync().ConfigureAwait(false);
        }

        if (_plugins is not null)
        {
            await _plugins.DisposeAsync().ConfigureAwait(false);
        }

        if (_gate is not null)
        {
            await _gate.DisposeAsync().ConfigureAwait(false);
        }

        if (_authorization is not null)
        {
            await _authorization.ShutdownAsync(ShutdownReason.WebHost, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task AuthorizeAsync(WSManSection section, ILogger log, CancellationToken cancellationToken)
    {
        var entry = section.Authorization;
        if (entry is not null)
        {
            // One for the application, in its own context: no caller's variables count.
            _authorization = PluginLoadContext.Load<IAuthorizationPlugin>(PluginVariables.Expand(entry.Filename));
            await _authorization.StartupAsync(new PluginStartup(StartupReason.RequestReceived, environment.ContentRootPath, entry.Parameters), cancellationToken).ConfigureAwait(false);
        }

        var limits = new AuthorizationLimits(
            new PluginConfiguration(entry?.Name ?? "", entry?.Filename ?? ""),
            entry?.SupportsQuota ?? false,
            TimeSpan.FromSeconds(section.QuotaRefreshIntervalSeconds),
            TimeSpan.FromSeconds(section.QuotaSystemWindowSeconds),
            section.QuotaSystemWindowOperations);
        _gate = new AuthorizationGate(_authorization, limits, TimeProvider.System, log);
    }

    private ServiceOptions OptionsOf(WSManSection section, PluginCatalog plugins) => new()
    {
        MaxEnvelopeBytes = section.MaxEnvelopeSizeKB * 1024,
        MaxTimeout = TimeSpan.FromSeconds(section.MaxOperationTimeoutSeconds),
        CapsPull = true,
        EnumerationTimeout = TimeSpan.FromSeconds(section.MaxEnumerateIdleTimeoutSeconds),
        SubscriptionTimeout = TimeSpan.FromSeconds(section.MaxSubscribeIdleTimeoutSeconds),
        Access = AccessPolicy.Authenticated.WithPlugins(plugins.Rules, plugins.ShellUris),
        Gate = _gate,
    };
}

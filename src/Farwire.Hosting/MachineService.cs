using Farwire.AspNetCore;
using Farwire.Cim.Classes;
using Farwire.Collector;
using Farwire.Collector.Sources;
using Farwire.Hosting.Accounts;
using Farwire.Console;
using Farwire.Hosting.Authentication;
using Farwire.Hosting.Collecting;
using Farwire.Hosting.Delivery;
using Farwire.Hosting.Diagnostics;
using Farwire.Hosting.Hardware;
using Farwire.Hosting.Listeners;
using Farwire.Hosting.Plugins;
using Farwire.Linux.DBus;
using Farwire.Linux.Files;
using Farwire.Linux.Host;
using Farwire.Linux.Systemd;
using Farwire.Plugins;
using Farwire.Processes.Launch;
using Farwire.Providers;
using Farwire.Providers.Contract;
using Farwire.Providers.Programs;
using Farwire.Providers.Hardware.Bmc;
using Farwire.Service.Configuration;
using Farwire.Service.Dispatch;
using Farwire.Service.Plugins;
using Farwire.Service.Resources;
using Farwire.Shells;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Hosting;

/// <summary>The management service of a Linux machine: its CIM data and its shells, behind listeners and every way to authenticate that it has.</summary>
public sealed class MachineService : IAsyncDisposable
{
    private readonly Dispatcher _dispatcher;
    private readonly CommandShell _shells;
    private readonly EventCollector? _collector;
    private readonly Controllers _controllers;
    private readonly PluginProcesses? _plugins;
    private readonly OwnController _own;
    private readonly MachineSchemes _schemes;
    private readonly WSManEdge _edge;
    private readonly ListenerTable _listeners;
    private readonly MeterText _measurements;
    private readonly IDisposable? _soapLog;
    private ITimer? _daily;
    private Task _told = Task.CompletedTask;
    private WSManServer? _server;
    private ConsolePage? _page;

    private MachineService(MachineServiceOptions options)
    {
        var live = options.Configuration;
        var logs = options.Logs ?? NullLoggerFactory.Instance;
        _controllers = new Controllers(options.Hardware ?? HardwareOptions.OfThisMachine(), logger: logs.CreateLogger("Farwire.Providers.Hardware"));
        _own = new OwnController(_controllers, Path.GetDirectoryName(options.LocalSocket), logs.CreateLogger("Farwire.Hosting"));
        _shells = new CommandShell(new ShellOptions { PowerShellFolder = options.PowerShellFolder }, starter: options.Starter);
        _collector = options.IsBmcEndpoint ? null : options.Collector?.Open(logs, options.Key);
        var catalog = options.IsBmcEndpoint ? new ResourceCatalog().Add(new CimCatalog { DefaultNamespace = CimSchema.Hardware.Namespace }.AddHardware(_controllers)) : Catalog(options, logs);
        var access = options.Access;
        if (options.PluginProgram.Count > 0 && !options.IsBmcEndpoint)
        {
            var plugins = Plugins(options, logs.CreateLogger("Farwire.Plugins"), out _plugins);
            _shells.AddTo(catalog, plugins);
            catalog.Add(plugins);
            access = access.WithPlugins(plugins.Rules, plugins.ShellUris);
        }

        _dispatcher = new Dispatcher(
            catalog, Identity(options) with { Access = access }, logger: options.Logs?.CreateLogger<Dispatcher>(), deliveries: new HttpDeliveries(() => live.Current.IsTrue("Service/AllowUnencrypted")));
        var certificates = new CertificateStore(options.CertificateFolder, TimeProvider.System);
        var log = logs.CreateLogger("Farwire.Hosting");
        _schemes = new MachineSchemes(options, certificates, log);
        var edge = new WSManEdgeOptions
        {
            Accounts = new LinuxAccounts(TimeProvider.System),
            DeliveryPaths = _collector is null && options.Roles.Count == 0 ? [] : EventCollector.Paths,
            ContentCodings = [new SldcCoding()],
        };
        _edge = new WSManEdge(_dispatcher, [], edge, logs);
        _listeners = new ListenerTable(_edge, _schemes.OfferedWith, certificates, log, TimeProvider.System);
        _collector?.AddTo(_dispatcher.Meter.Meter);
        _measurements = ServiceMeasurements.Of(_dispatcher.Meter.Meter, _listeners, () => _shells.OpenShells);
        var soap = logs.CreateLogger("Farwire.Soap");
        _soapLog = soap.IsEnabled(LogLevel.Debug) ? _edge.Trace.Watch(one => Log.Soap(soap, one.IsRequest ? "request" : "answer", one.User, one.Address, one.Xml)) : null;
        if (!options.IsBmcEndpoint)
        {
            catalog.AddConfiguration(live, _listeners, MachineSchemes.Sealing(options.Key), () => _dispatcher.Options.Access, () => BuiltInPlugins.Of(catalog.Uris, _dispatcher.Options.Access));
        }

        if (_controllers.HasAny)
        {
            catalog.Add(SelEventsResource.Uri, new SelEventsResource(_controllers, TimeProvider.System));
        }

        Use(live.Current);
        live.Apply = async (_, after) =>
        {
            Use(after);
            await _listeners.ApplyAsync(after).ConfigureAwait(false);
        };
    }

    /// <summary>Where it listens beside the listeners of its configuration, in their order.</summary>
    public IReadOnlyList<Uri> Addresses => _server?.Addresses ?? [];

    /// <summary>Where the page on events is; null when there is none.</summary>
    public Uri? Page => _page?.Address;

    /// <summary>Starts it; when the task ends, it answers.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux: processes, shells and CIM data come from its kernel.</exception>
    /// <exception cref="IOException">An address cannot be had.</exception>
    public static async Task<MachineService> StartAsync(MachineServiceOptions options, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The service runs on Linux alone; start it in a container or in WSL, and connect to it from here.");
        }

        var service = new MachineService(options);
        try
        {
            var local = options.LocalSocket is { } path ? new LocalListener(path, LinuxAccounts.PrincipalOf) : null;
            if (local is not null || options.Listeners.Count > 0)
            {
                service._server = await WSManServer.StartAsync(service._edge, options.Listeners, service._edge.Options.UrlPrefix, local, service.Pages, cancellationToken).ConfigureAwait(false);
            }

            await service._listeners.ApplyAsync(options.Configuration.Current).ConfigureAwait(false);
            service._daily = TimeProvider.System.CreateTimer(static table => ((ListenerTable)table!).LookAfterCertificates(), service._listeners, TimeSpan.FromDays(1), TimeSpan.FromDays(1));
            if (service._collector is { } collector)
            {
                await collector.StartAsync(service.Addresses).ConfigureAwait(false);
                service._page = await EventPage.StartAsync(options.Collector!.Page, collector, service._edge, options.Logs, cancellationToken).ConfigureAwait(false);
            }

            service._told = Task.Run(service._own.StartedAsync, CancellationToken.None); // a controller may be slow, and nobody waits for it
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening, lets requests under way end for a few seconds, and ends all shells with what runs in them.</summary>
    public async ValueTask DisposeAsync()
    {
        // The shells first: whoever waits for the output of a command has an answer then, and the server need not wait for it. Those that were
        // opened until it no longer listened end after it.
        await _shells.DisposeAsync().ConfigureAwait(false);
        if (_daily is not null)
        {
            await _daily.DisposeAsync().ConfigureAwait(false);
        }

        await _listeners.DisposeAsync().ConfigureAwait(false);
        if (_page is not null)
        {
            await _page.DisposeAsync().ConfigureAwait(false);
        }

        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        _soapLog?.Dispose();
        _measurements.Dispose();
        await _dispatcher.DisposeAsync().ConfigureAwait(false);
        if (_plugins is not null)
        {
            _plugins.StopReason = await IsSystemStoppingAsync().ConfigureAwait(false) ? ShutdownReason.System : ShutdownReason.Service;
            await _plugins.DisposeAsync().ConfigureAwait(false);
        }

        await _told.ConfigureAwait(false);
        await _own.StoppingAsync().ConfigureAwait(false);
        await _controllers.DisposeAsync().ConfigureAwait(false);
        await _shells.DisposeAsync().ConfigureAwait(false);
        if (_collector is not null)
        {
            await _collector.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IReadOnlyList<LocalPage> Pages => new ServicePages(_listeners, _measurements, _edge.Trace, TimeProvider.System).All;

    // Each setting goes where it counts; whoever is under way keeps what he began with.
    private void Use(ServiceConfiguration configuration)
    {
        var offered = _schemes.Offer(configuration);
        _dispatcher.Options = _dispatcher.Options.With(configuration) with { SecurityProfiles = MachineSchemes.ProfilesOf(offered) };
        _edge.Options = _edge.Options with
        {
            AllowUnencrypted = configuration.IsTrue("Service/AllowUnencrypted"),
            MaxPacketRetrievalTime = TimeSpan.FromSeconds(configuration.Number("Service/MaxPacketRetrievalTimeSeconds")),
        };
        _edge.Schemes = offered;
        _shells.Options = _shells.Options with
        {
            AllowRemoteShellAccess = configuration.IsTrue("Winrs/AllowRemoteShellAccess"),
            IdleTimeout = configuration.Milliseconds("Winrs/IdleTimeout"),
            MaxConcurrentUsers = configuration.Number("Winrs/MaxConcurrentUsers"),
            MaxProcessesPerShell = Limit("Winrs/MaxProcessesPerShell"),
            MaxMemoryPerShellBytes = Limit("Winrs/MaxMemoryPerShellMB") * 1024L * 1024,
            CustomShells = [.. configuration.EntriesOf(ConfigurationTable.CustomShells).Select(entry => new CustomShell(entry["URI"], entry["Shell"], entry["Arguments"]))],
            MaxShellsPerUser = configuration.Number("Winrs/MaxShellsPerUser"),
        };

        // The largest number is how Windows writes that there is no limit; without one nothing needs to be watched.
        int Limit(string setting) => configuration.Number(setting) is < int.MaxValue and var number ? number : 0;
    }

    private ResourceCatalog Catalog(MachineServiceOptions options, ILoggerFactory logs)
    {
        var catalog = new ResourceCatalog().Add(CimProviders.Linux(starter: options.Starter, allowsCommands: () => options.AllowsCommands && _shells.Options.AllowRemoteShellAccess).AddHardware(_controllers).AddPrograms(options.ClassFolder, logs.CreateLogger("Farwire.Providers")));
        _shells.AddTo(catalog);
        _collector?.AddTo(catalog);
        foreach (var role in options.Roles)
        {
            catalog.Add(role);
        }

        return catalog;
    }

    private static async Task<bool> IsSystemStoppingAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await using var bus = new SystemBus();
        try
        {
            return await new SystemdManager(bus).GetStateAsync(patience.Token).ConfigureAwait(false) == "stopping";
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or DBusException)
        {
            return false; // nobody to ask: it is the service that stops
        }
    }

    private static PluginCatalog Plugins(MachineServiceOptions options, ILogger log, out PluginProcesses processes)
    {
        processes = new PluginProcesses(options.PluginProgram, options.Starter ?? new OwnAccountStarter(), TimeProvider.System, log);
        var plugins = new PluginCatalog(PluginCatalog.Read(options.Configuration.Current.Plugins, log), processes, log);
        processes.StartAutomatic(plugins.Active.Select(plugin => plugin.Registration));
        return plugins;
    }

    private static ServiceOptions Identity(MachineServiceOptions options) => new()
    {
        ProductVersion = $"OS: {new HostFacts(new LinuxPaths()).KernelRelease.Split('-')[0]} SP: 0.0 Stack: 3.0",
    };
}

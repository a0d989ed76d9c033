using System.Text;
using Farwire.AspNetCore;
using Farwire.Collector;
using Farwire.Collector.Sources;
using Farwire.Console;
using Farwire.Events;
using Farwire.Hosting.Accounts;
using Farwire.Hosting.Authentication;
using Farwire.Hosting.Diagnostics;
using Farwire.Hosting.Listeners;
using Farwire.Protocol.Names;
using Farwire.Service.Configuration;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;
using Farwire.Service.Roles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Hosting.Collecting;

/// <summary>The event collector as a process of its own.</summary>
/// <remarks>
/// Sources and commands reach it through the edge of the management service, which authenticates, unseals and hands over; and by listeners of its own,
/// when it has some, with the same users and ways to authenticate. Killed, either leaves the other as it was.
/// </remarks>
public sealed class CollectorService : IAsyncDisposable
{
    private readonly EventCollector _collector;
    private readonly Dispatcher _dispatcher;
    private readonly MeterText _measurements;
    private RoleServer? _role;
    private WSManServer? _server;
    private ConsolePage? _page;

    private CollectorService(MachineServiceOptions options, CollectorFile file)
    {
        var logs = options.Logs ?? NullLoggerFactory.Instance;
        _collector = file.Open(logs, options.Key);
        var catalog = new ResourceCatalog();
        _collector.AddTo(catalog);
        _dispatcher = new Dispatcher(catalog, new ServiceOptions { Access = options.Access }, logger: logs.CreateLogger<Dispatcher>());
        _dispatcher.Options = _dispatcher.Options.With(options.Configuration.Current);
        _collector.AddTo(_dispatcher.Meter.Meter);
        _measurements = new MeterText(_dispatcher.Meter.Meter);
    }

    /// <summary>What the management service needs to hand messages over to the collector at <paramref name="socket"/>.</summary>
    public static RemoteRole RoleAt(string socket) => new("event collector", socket, [CollectorUris.Prefix, ResourceUris.SubscriptionManager], EventCollector.Paths);

    /// <summary>Starts it; when the task ends, it takes events.</summary>
    /// <param name="options">Users, access and configuration: those of the management service. Its local socket is that of commands and of measurements.</param>
    /// <param name="file">The collector's own.</param>
    /// <param name="socket">Where the management service hands messages over.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">An address cannot be had, or another collector has the folder.</exception>
    public static async Task<CollectorService> StartAsync(MachineServiceOptions options, CollectorFile file, string socket, CancellationToken cancellationToken = default)
    {
        var service = new CollectorService(options, file);
        try
        {
            service._role = RoleServer.Start(socket, service._dispatcher);
            var edge = service.EdgeOf(options);
            service._server = await service.ListenAsync(edge, options, file.Listeners, cancellationToken).ConfigureAwait(false);
            service._page = await EventPage.StartAsync(file.Page, service._collector, edge, options.Logs, cancellationToken).ConfigureAwait(false);
            await service._collector.StartAsync(service._server.Addresses).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops taking messages, commits what waits and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.DisposeAsync().ConfigureAwait(false);
        }

        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        if (_role is not null)
        {
            await _role.DisposeAsync().ConfigureAwait(false);
        }

        _measurements.Dispose();
        await _dispatcher.DisposeAsync().ConfigureAwait(false);
        await _collector.DisposeAsync().ConfigureAwait(false);
    }

    private WSManEdge EdgeOf(MachineServiceOptions options)
    {
        var configuration = options.Configuration.Current;
        var log = (options.Logs ?? NullLoggerFactory.Instance).CreateLogger("Farwire.Hosting");
        var schemes = new MachineSchemes(options, new CertificateStore(options.CertificateFolder, TimeProvider.System), log);
        return new WSManEdge(
            _dispatcher,
            schemes.Offer(configuration),
            new WSManEdgeOptions
            {
                Accounts = new LinuxAccounts(TimeProvider.System),
                DeliveryPaths = EventCollector.Paths,
                ContentCodings = [new SldcCoding()],
                AllowUnencrypted = configuration.IsTrue("Service/AllowUnencrypted"),
            },
            options.Logs);
    }

    private Task<WSManServer> ListenAsync(WSManEdge edge, MachineServiceOptions options, IReadOnlyList<Listener> listeners, CancellationToken cancellationToken)
    {
        var local = options.LocalSocket is { } path ? new LocalListener(path, LinuxAccounts.PrincipalOf) : null;
        LocalPage measurements = new("/metrics", MeterText.ContentType, (writer, cancellation) => writer.WriteAsync(Encoding.UTF8.GetBytes(_measurements.ToString()), cancellation).AsTask());
        return WSManServer.StartAsync(edge, listeners, edge.Options.UrlPrefix, local, [measurements], cancellationToken);
    }
}

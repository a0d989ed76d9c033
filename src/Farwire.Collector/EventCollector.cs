using Farwire.Collector.Administration;
using Farwire.Collector.Outputs;
using Farwire.Collector.Sources;
using Farwire.Collector.Store;
using Farwire.Collector.Subscriptions;
using Farwire.Events;
using Farwire.Protocol.Names;
using Farwire.Service.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Farwire.Collector;

/// <summary>A collector of events: hands out subscriptions, takes deliveries, keeps what came.</summary>
/// <remarks>MS-WSMV, "Event subscription"; Windows Event Collector.</remarks>
public sealed class EventCollector : IAsyncDisposable
{
    /// <summary>First segments of the paths below the service's own at which a collector is reached.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["SubscriptionManager", SubscriptionsPath];

    internal const string SubscriptionsPath = "subscriptions";

    private readonly ITimer _refresh;
    private List<OutputRunner> _outputs = [];
    private int _refreshing;

    private EventCollector(CollectorOptions options, EventStore store, SubscriptionStore subscriptions, TimeProvider time, ILogger logger)
    {
        (Options, Store, Subscriptions, Time, Logger) = (options, store, subscriptions, time, logger);
        _refresh = time.CreateTimer(static collector => _ = ((EventCollector)collector!).RefreshAsync(), this, options.RefreshInterval, options.RefreshInterval);
    }

    /// <summary>The events.</summary>
    public EventStore Store { get; }

    /// <summary>The subscriptions.</summary>
    public SubscriptionStore Subscriptions { get; }

    /// <summary>How the collector was set up.</summary>
    public CollectorOptions Options { get; }

    /// <summary>Where events go on to.</summary>
    public IReadOnlyList<OutputRunner> Outputs => _outputs;

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    /// <summary>Opens the collector in its folder.</summary>
    /// <exception cref="IOException">Another process has it open, or the folder cannot be used.</exception>
    /// <exception cref="InvalidDataException">The store is damaged, or was written by a newer version.</exception>
    public static EventCollector Open(CollectorOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        time ??= TimeProvider.System;
        var store = EventStore.Open(Path.Combine(options.Folder, "events"), options.Store, time, loggers.CreateLogger<EventStore>());
        var subscriptions = new SubscriptionStore(
            Path.Combine(options.Folder, "subscriptions"), options.SubscriptionFolders, time, loggers.CreateLogger<SubscriptionStore>());
        return new EventCollector(options, store, subscriptions, time, loggers.CreateLogger<EventCollector>());
    }

    /// <summary>Adds the collector's resources to a service.</summary>
    public void AddTo(ResourceCatalog catalog)
    {
        catalog.Add(ResourceUris.SubscriptionManager, new SubscriptionManagerResource(this));
        catalog.Add(CollectorUris.Subscription, new SubscriptionResource(this));
        catalog.Add(CollectorUris.Source, new SourceResource(this));
        catalog.Add(CollectorUris.Event, new EventResource(this));
        catalog.Deliveries = new DeliveryTarget(this);
    }

    /// <summary>Sends stored events on, from where the output of this name stopped last; the collector owns the output.</summary>
    public OutputRunner AddOutput(IEventOutput output, OutputOptions options)
    {
        var runner = new OutputRunner(Store, output, options, Time);
        _outputs = [.. _outputs, runner];
        return runner;
    }

    /// <summary>Commits what waits and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _refresh.DisposeAsync().ConfigureAwait(false);
        foreach (var output in _outputs)
        {
            await output.DisposeAsync().ConfigureAwait(false);
        }

        await Store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RefreshAsync()
    {
        if (Interlocked.Exchange(ref _refreshing, 1) != 0)
        {
            return;
        }

        try
        {
            Subscriptions.Refresh();
            if (Options.Store is not { MaxAge: null, MaxBytes: null })
            {
                await Store.RemoveOldAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Log.RefreshFailed(Logger, e);
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }
    }
}

using Farwire.Collector.Administration;
using Farwire.Collector.Initiated;
using Farwire.Collector.Nodes;
using Farwire.Collector.Outputs;
using Farwire.Collector.Sources;
using Farwire.Collector.Store;
using Farwire.Collector.Subscriptions;
using Farwire.Events;
using Farwire.Events.Subscriptions;
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
    private SourceRates? _rates;
    private int _refreshing;

    private EventCollector(CollectorOptions options, IEventStore store, SubscriptionStore subscriptions, TimeProvider time, ILogger logger)
    {
        (Options, Store, Subscriptions, Time, Logger) = (options, store, subscriptions, time, logger);
        EventLog = new ForwardedEventsLog(options.Folder);
        Intake = new EventIntake(this);
        Initiated = new InitiatedSubscriptions(this);
        _refresh = time.CreateTimer(static collector => _ = ((EventCollector)collector!).RefreshAsync(), this, options.RefreshInterval, options.RefreshInterval);
    }

    /// <summary>The events.</summary>
    public IEventStore Store { get; }

    /// <summary>The subscriptions.</summary>
    public SubscriptionStore Subscriptions { get; }

    /// <summary>How the collector was set up.</summary>
    public CollectorOptions Options { get; }

    /// <summary>The log that events go to.</summary>
    public ForwardedEventsLog EventLog { get; }

    /// <summary>
    /// Where the service listens, such as <c>http://127.0.0.1:5985/wsman</c>: sources of collector-initiated subscriptions are told the first of their
    /// transport, unless <see cref="CollectorOptions.PublicAddress"/> is set.
    /// </summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Where events go on to.</summary>
    public IReadOnlyList<OutputRunner> Outputs => _outputs;

    /// <summary>How many events came from whom in the last minutes; counted from the first time that somebody asks.</summary>
    public SourceRates Rates
    {
        get
        {
            if (_rates is null)
            {
                var rates = new SourceRates();
                rates.Sample(Store.Sources, Time.GetUtcNow().UtcDateTime);
                _rates = rates;
            }

            return _rates;
        }
    }

    /// <summary>The sources that were heard of, and those of a collector-initiated subscription that never were, each with how it fares.</summary>
    public IEnumerable<SourceStatus> Sources => SourceStatus.All(Subscriptions.Parts, Store.Sources, Time.GetUtcNow());

    internal TimeProvider Time { get; }

    internal EventIntake Intake { get; }

    internal InitiatedSubscriptions Initiated { get; }

    internal ILogger Logger { get; }

    /// <summary>Opens the collector in its folder.</summary>
    /// <exception cref="IOException">Another process has it open, or the folder cannot be used.</exception>
    /// <exception cref="InvalidDataException">The store is damaged, or was written by a newer version.</exception>
    public static EventCollector Open(CollectorOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        time ??= TimeProvider.System;
        var database = options.Nodes?.Open();
        IEventStore store = database is null
            ? EventStore.Open(Path.Combine(options.Folder, "events"), options.Store, time, loggers.CreateLogger<EventStore>())
            : PostgreSqlStore.Open(database, options.Store, time, loggers.CreateLogger<PostgreSqlStore>());
        ISubscriptionShelf shelf = database is null ? new FolderShelf(Path.Combine(options.Folder, "subscriptions")) : new TableShelf(database);
        var subscriptions = new SubscriptionStore(
            shelf, options.SubscriptionFolders, time, loggers.CreateLogger<SubscriptionStore>(), options.Key,
            hasBegun: id => store.Sources.Any(source => source.Bookmark is not null && source.Subscription.Equals(id, StringComparison.OrdinalIgnoreCase)));
        return new EventCollector(options, store, subscriptions, time, loggers.CreateLogger<EventCollector>());
    }

    /// <summary>Adds the collector's resources to a service.</summary>
    public void AddTo(ResourceCatalog catalog)
    {
        catalog.Add(ResourceUris.SubscriptionManager, new SubscriptionManagerResource(this));
        catalog.Add(CollectorUris.Subscription, new SubscriptionResource(this));
        catalog.Add(CollectorUris.Source, new SourceResource(this));
        catalog.Add(CollectorUris.Log, new LogResource(this));
        catalog.Add(CollectorUris.Event, new EventResource(this));
        catalog.Deliveries = new DeliveryTarget(this);
    }

    /// <summary>Has a meter measure the collector.</summary>
    public void AddTo(System.Diagnostics.Metrics.Meter meter) => CollectorMeter.AddTo(meter, this);

    /// <summary>Begins to subscribe at the sources of collector-initiated subscriptions.</summary>
    /// <param name="addresses">Where the service listens.</param>
    public Task StartAsync(IReadOnlyList<Uri> addresses)
    {
        Addresses = addresses;
        return Initiated.StartAsync();
    }

    /// <summary>Keeps a subscription and begins with it; one of the same name is replaced, and passwords that are not given anew stay.</summary>
    public Task PutAsync(SubscriptionDefinition subscription)
    {
        Subscriptions.Put(Subscriptions.Find(subscription.Id) is { } before ? subscription.WithPasswordsOf(before) : subscription);
        return Initiated.ApplyAsync();
    }

    /// <summary>Removes a subscription and ends it at its sources; false when there is none of this name.</summary>
    /// <exception cref="InvalidOperationException">It is a file of people, which the collector does not touch.</exception>
    public async Task<bool> RemoveAsync(string id)
    {
        var wasThere = Subscriptions.Remove(id);
        await Initiated.ApplyAsync().ConfigureAwait(false);
        return wasThere;
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
        await Initiated.DisposeAsync().ConfigureAwait(false);
        foreach (var output in _outputs)
        {
            await output.DisposeAsync().ConfigureAwait(false);
        }

        await Store.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Where the source of a collector-initiated subscription shall send.</summary>
    internal Uri DeliveryAddressFor(SubscriptionDefinition subscription, Guid identifier)
    {
        var scheme = subscription.TransportName.ToLowerInvariant();
        var address = Options.PublicAddress ?? Addresses.FirstOrDefault(address => address.Scheme == scheme)
            ?? new UriBuilder(scheme, System.Net.Dns.GetHostName(), subscription.EffectivePort, "/wsman").Uri;
        return Below(address, subscription, identifier.ToString("D").ToUpperInvariant());
    }

    /// <summary>The address of a subscription below that of the service.</summary>
    internal static Uri Below(Uri service, SubscriptionDefinition subscription, string identifier)
    {
        var builder = new UriBuilder(service) { Path = $"{service.AbsolutePath.TrimEnd('/')}/{SubscriptionsPath}/{identifier}" };
        if (subscription.HostName is { Length: > 0 } host)
        {
            builder.Host = host;
        }

        return builder.Uri;
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
            _rates?.Sample(Store.Sources, Time.GetUtcNow().UtcDateTime);
            await Initiated.ApplyAsync().ConfigureAwait(false);
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

using System.Collections.Concurrent;
using Farwire.Collector.Administration;
using Farwire.Events.Subscriptions;

namespace Farwire.Collector.Initiated;

/// <summary>The subscriptions that the collector makes at the sources it lists: one link for each source that is to be served.</summary>
internal sealed class InitiatedSubscriptions(EventCollector collector) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (SourceLink Link, string Signature)> _links = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Guid, SourceLink> _byIdentifier = new();
    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _leading = Task.CompletedTask;
    private volatile bool _isRunning;

    /// <summary>The link whose deliveries carry this identifier, or null.</summary>
    public SourceLink? Find(Guid identifier) => _byIdentifier.GetValueOrDefault(identifier);

    /// <summary>From now on sources are subscribed at; of several nodes one does it, and another when it is gone.</summary>
    public Task StartAsync()
    {
        if (collector.Options.Nodes is not null)
        {
            _leading = Task.Run(LeadAsync);
            return Task.CompletedTask;
        }

        _isRunning = true;
        return ApplyAsync();
    }

    /// <summary>Begins what is new, ends what is over, and begins anew what has changed.</summary>
    public async Task ApplyAsync()
    {
        await _applying.WaitAsync().ConfigureAwait(false);
        try
        {
            var wanted = _isRunning ? Wanted() : [];
            var over = _links.Where(pair => !wanted.TryGetValue(pair.Key, out var want) || want.Signature != pair.Value.Signature).ToList();
            await Task.WhenAll(over.Select(pair =>
            {
                _links.TryRemove(pair.Key, out _);
                _byIdentifier.TryRemove(pair.Value.Link.Identifier, out _);
                return pair.Value.Link.DisposeAsync().AsTask();
            })).ConfigureAwait(false);
            foreach (var (key, (subscription, source, signature)) in wanted.Where(pair => !_links.ContainsKey(pair.Key)))
            {
                var link = new SourceLink(collector, subscription, source);
                _byIdentifier[link.Identifier] = link;
                _links[key] = (link, signature);
            }
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Tries the sources of a subscription now, all or those named; what is disabled stays so, and what works is left alone.</summary>
    public void Retry(SubscriptionDefinition subscription, IReadOnlyCollection<string> sources)
    {
        var now = collector.Time.GetUtcNow();
        foreach (var (link, _) in _links.Values)
        {
            if ((link.Subscription.CompanionOf ?? link.Subscription.Id).Equals(subscription.Id, StringComparison.OrdinalIgnoreCase)
                && (sources.Count == 0 || sources.Contains(link.Source, StringComparer.OrdinalIgnoreCase))
                && collector.Store.Source(link.Source, link.Subscription.Id) is { } state
                && RuntimeStatus.Of(subscription, state, now) != ActiveStatus.Active)
            {
                link.Retry();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _leading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _isRunning = false;
        await ApplyAsync().ConfigureAwait(false);
        _applying.Dispose();
    }

    private async Task LeadAsync()
    {
        while (true)
        {
            await using var lease = await collector.Store.LeaseAsync("collector-initiated", _stop.Token).ConfigureAwait(false);
            _isRunning = true;
            do
            {
                await ApplyAsync().ConfigureAwait(false);
                await Task.Delay(collector.Options.RefreshInterval, collector.Time, _stop.Token).ConfigureAwait(false);
            }
            while (await lease.IsHeldAsync(_stop.Token).ConfigureAwait(false));

            _isRunning = false;
            await ApplyAsync().ConfigureAwait(false);
        }
    }

    private Dictionary<string, (SubscriptionDefinition Subscription, EventSource Source, string Signature)> Wanted()
    {
        var now = collector.Time.GetUtcNow();
        var wanted = new Dictionary<string, (SubscriptionDefinition, EventSource, string)>(StringComparer.OrdinalIgnoreCase);
        foreach (var subscription in collector.Subscriptions.Parts.Where(s => s.Type == SubscriptionType.CollectorInitiated && s.Enabled && !s.IsExpired(now)))
        {
            foreach (var source in subscription.EventSources.Where(source => source.Enabled))
            {
                wanted[$"{subscription.Id}\n{source.Address}"] = (subscription, source, SignatureOf(subscription, source));
            }
        }

        return wanted;
    }

    // What a link depends on: a change of anything else, such as another source, leaves it alone.
    private static string SignatureOf(SubscriptionDefinition s, EventSource source) => string.Join(
        '\n', SubscriptionVersion.Of(s), s.TransportName, s.EffectivePort, s.CredentialsType, s.UseSpnPort,
        source.UserName ?? s.CommonUserName, source.UserName is null ? s.CommonPassword : source.Password);
}

using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Source.Channels;
using Farwire.Source.Operational;
using Farwire.Source.Policy;
using Farwire.Source.State;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Forwarding;

/// <summary>Sends this machine's events to its collectors.</summary>
/// <remarks>MS-WSMV, "Event forwarding", source-initiated.</remarks>
public sealed class EventForwarder : IDisposable
{
    private readonly ForwardingMeans _means;
    private readonly SemaphoreSlim _changing = new(1);

    // Changed as a whole, under the semaphore.
    private volatile IReadOnlyList<ServedCollector> _served = [];
    private volatile EventForwarderOptions _options;

    /// <summary>Makes a forwarder; nothing is sent before <see cref="RunAsync"/>.</summary>
    public EventForwarder(EventForwarderOptions options, IEventChannels channels, OperationalLog operations, ILogger logger, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _options = options;
        _means = new ForwardingMeans(channels, new BookmarkFiles(Path.Combine(options.Folder, "bookmarks")), new RateLimit(options.MaxEventsPerSecond, time), operations, time, logger)
        {
            MachineId = options.Identity.MachineId,
        };
    }

    /// <summary>How everything stands.</summary>
    public IReadOnlyList<CollectorStanding> Standing => [.. _served.Select(served => served.Forwarder.Standing)];

    /// <summary>Serves until cancelled; ends when every collector was told.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ServeAsync(_options, cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _means.Stop();
        }

        await _changing.WaitAsync(CancellationToken.None).ConfigureAwait(false); // and stays: nothing begins any more
        await Task.WhenAll(_served.Select(served => served.EndAsync())).ConfigureAwait(false);
    }

    /// <summary>Goes on by another policy: what it no longer names ends, what it still names runs on. Connections made from now on show the identity of <paramref name="options"/>.</summary>
    public Task ChangeAsync(EventForwarderOptions options, CancellationToken cancellationToken)
    {
        _means.Operations.Write(OperationalEvent.PolicyChanged(options.Collectors.Count));
        return ServeAsync(options, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _changing.Dispose();

    private async Task ServeAsync(EventForwarderOptions options, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _options = options;
            _means.Rate.Change(options.MaxEventsPerSecond);
            var (stay, go) = (_served.Where(served => options.Collectors.Contains(served.Policy)).ToList(), _served.Where(served => !options.Collectors.Contains(served.Policy)));
            await Task.WhenAll(go.Select(served => served.EndAsync())).ConfigureAwait(false);
            var come = options.Collectors.DistinctBy(policy => policy.Server).Where(policy => !stay.Exists(served => served.Policy == policy)).Select(Serve);
            _served = [.. stay, .. come];
        }
        finally
        {
            _changing.Release();
        }
    }

    private ServedCollector Serve(CollectorPolicy policy)
    {
        var stop = new CancellationTokenSource();
        var forwarder = new CollectorForwarder(policy, _means, (address, terms) => Connect(policy, address, terms));
        return new ServedCollector(policy, forwarder, stop, Task.Run(() => forwarder.RunAsync(stop.Token)));
    }

    private HttpChannel Connect(CollectorPolicy policy, Uri address, DeliveryTerms? terms)
    {
        // At a delivery the subscription says which authority it believes.
        var issuer = terms?.NotifyTo.Policy?.IssuerThumbprint?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? policy.IssuerCA;
        return new HttpChannel(_options.Identity.To(address, issuer) with
        {
            Encoding = terms is { IsUtf16: false } ? MessageEncoding.Utf8 : MessageEncoding.Utf16,
            Packing = terms is { IsPacked: true } ? SldcPacking.Instance : null,
        });
    }

    private sealed record ServedCollector(CollectorPolicy Policy, CollectorForwarder Forwarder, CancellationTokenSource Stop, Task Task)
    {
        public async Task EndAsync()
        {
            await Stop.CancelAsync().ConfigureAwait(false);
            await Task.ConfigureAwait(false);
        }
    }
}

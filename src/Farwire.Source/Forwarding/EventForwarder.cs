using Farwire.Client.Connection;
using Farwire.Protocol.Envelope;
using Farwire.Source.Channels;
using Farwire.Source.Policy;
using Farwire.Source.State;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Forwarding;

/// <summary>What a forwarder is to do.</summary>
public sealed record EventForwarderOptions
{
    /// <summary>The collectors; all are served at once.</summary>
    public IReadOnlyList<CollectorPolicy> Collectors { get; init; } = [];

    /// <summary>Where it remembers how far each subscription is.</summary>
    public required string Folder { get; init; }

    /// <summary>Who this machine is.</summary>
    public SourceIdentity Identity { get; init; } = new();

    /// <summary>Events a second at most, all collectors together; 0 is without limit. Windows policy "ForwarderResourceUsage".</summary>
    public int MaxEventsPerSecond { get; init; }
}

/// <summary>Sends this machine's events to its collectors.</summary>
/// <remarks>MS-WSMV, "Event forwarding", source-initiated.</remarks>
public sealed class EventForwarder
{
    private readonly ForwardingMeans _means;
    private readonly List<CollectorForwarder> _collectors;

    /// <summary>Makes a forwarder; nothing is sent before <see cref="RunAsync"/>.</summary>
    public EventForwarder(EventForwarderOptions options, IEventChannels channels, ILogger logger, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _means = new ForwardingMeans(channels, new BookmarkFiles(Path.Combine(options.Folder, "bookmarks")), new RateLimit(options.MaxEventsPerSecond, time), time, logger)
        {
            MachineId = options.Identity.MachineId,
        };
        _collectors = [.. options.Collectors.Select(policy => new CollectorForwarder(policy, _means, (address, terms) => Connect(options.Identity, policy, address, terms)))];
    }

    /// <summary>How everything stands.</summary>
    public IReadOnlyList<CollectorStanding> Standing => [.. _collectors.Select(collector => collector.Standing)];

    /// <summary>Serves until cancelled; ends when every collector was told.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = cancellationToken.Register(_means.Stop);
        await Task.WhenAll(_collectors.Select(collector => collector.RunAsync(cancellationToken))).ConfigureAwait(false);
    }

    private static HttpChannel Connect(SourceIdentity identity, CollectorPolicy policy, Uri address, DeliveryTerms? terms)
    {
        // At a delivery the subscription says which authority it believes; the certificate's name there is the name of the collector.
        var issuer = terms?.NotifyTo.Policy?.IssuerThumbprint?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? policy.IssuerCA;
        return new HttpChannel(identity.To(address, issuer) with
        {
            Encoding = terms is { IsUtf16: false } ? MessageEncoding.Utf8 : MessageEncoding.Utf16,
            Packing = terms is { IsPacked: true } ? SldcPacking.Instance : null,
        });
    }
}

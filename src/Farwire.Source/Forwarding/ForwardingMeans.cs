using Farwire.Source.Channels;
using Farwire.Source.Operational;
using Farwire.Source.State;
using Microsoft.Extensions.Logging;

namespace Farwire.Source.Forwarding;

/// <summary>What all subscriptions of this machine share.</summary>
internal sealed record ForwardingMeans(IEventChannels Channels, BookmarkFiles Bookmarks, RateLimit Rate, OperationalLog Operations, TimeProvider Time, ILogger Logger)
{
    private volatile bool _isStopping;

    public required string MachineId { get; init; }

    /// <summary>The machine's service goes down, rather than one subscription.</summary>
    public bool IsStopping => _isStopping;

    public void Stop() => _isStopping = true;
}

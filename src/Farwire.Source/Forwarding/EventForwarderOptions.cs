using Farwire.Source.Policy;

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

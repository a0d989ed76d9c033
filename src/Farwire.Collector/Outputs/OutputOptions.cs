using Farwire.Collector.Search;

namespace Farwire.Collector.Outputs;

/// <summary>What happens while an output cannot send.</summary>
public enum OutputPolicy
{
    /// <summary>Events wait in the store; the output goes on where it stopped.</summary>
    Buffer,

    /// <summary>Past the lag that is allowed, the oldest are passed over.</summary>
    DropOldest,

    /// <summary>Past the lag that is allowed, sources are told to wait.</summary>
    Block,
}

/// <summary>How an output works.</summary>
/// <param name="Name">Its name; its place in the store is kept under it.</param>
public sealed record OutputOptions(string Name)
{
    /// <summary>Which events.</summary>
    public EventSearch Events { get; init; } = new();

    /// <summary>Events that are sent at once.</summary>
    public int BatchEvents { get; init; } = 500;

    /// <summary>What happens while nothing can be sent.</summary>
    public OutputPolicy Policy { get; init; }

    /// <summary>Events that may wait, for policies that have a limit.</summary>
    public long MaxLag { get; init; } = 1_000_000;

    /// <summary>The first wait after a failure; doubled with each.</summary>
    public TimeSpan MinRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A file for events that the other side will never take, as JSON lines; null only counts them.</summary>
    public string? DeadLetterFile { get; init; }
}

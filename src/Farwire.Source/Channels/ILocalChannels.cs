using Farwire.Events.Queries;

namespace Farwire.Source.Channels;

/// <summary>Channels that this machine holds: they know what is in them, and are read from either end.</summary>
public interface ILocalChannels : IEventChannels
{
    /// <summary>What is in each channel at present.</summary>
    ValueTask<IReadOnlyList<ChannelFacts>> FactsAsync(CancellationToken cancellationToken);

    /// <summary>The events there are that <paramref name="query"/> takes, the newest first. A channel that is not here holds none.</summary>
    IAsyncEnumerable<SourceEvent> ReadBackAsync(EventQuery query, bool rendered, CancellationToken cancellationToken);
}

/// <summary>What is in a channel.</summary>
/// <param name="Name">The channel.</param>
/// <param name="OldestRecord">The number of its oldest event; 0 when it is empty.</param>
/// <param name="NewestRecord">The number of its newest event; 0 when it is empty.</param>
public sealed record ChannelFacts(string Name, ulong OldestRecord, ulong NewestRecord)
{
    /// <summary>How many events it holds.</summary>
    public ulong Records => NewestRecord == 0 ? 0 : NewestRecord - OldestRecord + 1;
}

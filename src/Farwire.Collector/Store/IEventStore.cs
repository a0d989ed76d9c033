using Farwire.Collector.Search;
using Farwire.Events.Records;

namespace Farwire.Collector.Store;

/// <summary>Where a collector keeps events, and what it knows of their sources: the files of one machine, or the database of several nodes.</summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>The number of the newest event that is safe.</summary>
    long LastSequence { get; }

    /// <summary>What is known of every source; of sources that other nodes serve, as of some seconds ago.</summary>
    IReadOnlyCollection<SourceState> Sources { get; }

    /// <summary>The channels that events came from, and how many have come from each, those included that are removed by now.</summary>
    IReadOnlyDictionary<string, long> Channels { get; }

    /// <summary>Bytes of all events on disk.</summary>
    long Bytes { get; }

    /// <summary>Events on disk.</summary>
    long Events { get; }

    /// <summary>The state of one source, or null; as <see cref="Sources"/> has it.</summary>
    SourceState? Source(string source, string subscription);

    /// <summary>The state of one source as it is now, whichever node served it last, or null.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be asked.</exception>
    ValueTask<SourceState?> FetchAsync(string source, string subscription, CancellationToken cancellationToken = default);

    /// <summary>Stores a batch; ends when it is safe.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    Task<StoreOutcome> AppendAsync(StoreBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Notes something about a source that may be lost with the process: a heartbeat, an error. Written within seconds.</summary>
    void Note(string source, string subscription, Func<SourceState, SourceState> change);

    /// <summary>Forgets a source: its bookmark too.</summary>
    Task ForgetAsync(string source, string subscription);

    /// <summary>Where the consumer of this name continues; null when it never said.</summary>
    Task<long?> CursorAsync(string name);

    /// <summary>Keeps where the consumer of this name continues.</summary>
    Task SetCursorAsync(string name, long sequence);

    /// <summary>Ends when this process alone may do what has this name, for as long as it keeps the lease.</summary>
    ValueTask<IStoreLease> LeaseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes what is older or more than the options allow; answers how many events went.</summary>
    Task<long> RemoveOldAsync();

    /// <summary>Waits until there is an event after <paramref name="sequence"/>.</summary>
    Task WaitAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Finds events.</summary>
    IAsyncEnumerable<StoredEvent> SearchAsync(EventSearch search, CancellationToken cancellationToken = default);
}

/// <summary>The right to be the only one who does something.</summary>
public interface IStoreLease : IAsyncDisposable
{
    /// <summary>False when it is lost: another may have it.</summary>
    ValueTask<bool> IsHeldAsync(CancellationToken cancellationToken);
}

/// <summary>What a process has that shares its store with nobody.</summary>
internal sealed class OwnLease : IStoreLease
{
    public static OwnLease Instance { get; } = new();

    public ValueTask<bool> IsHeldAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Takes the events of one commit.</summary>
internal interface IEventBlock
{
    /// <summary>How many it has.</summary>
    int Count { get; }

    void Add(EventRecord record, EventOrigin origin);
}

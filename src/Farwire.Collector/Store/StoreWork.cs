namespace Farwire.Collector.Store;

/// <summary>Something for the store's writer: a batch, or an action of the store itself.</summary>
internal sealed class StoreWork
{
    // The hash is worked out here, where many do it at once, and not by the one writer.
    public StoreWork(StoreBatch batch) => (Batch, Hash) = (batch, batch.Hash());

    public StoreWork(Action action) => Action = action;

    public StoreBatch? Batch { get; }

    public byte[] Hash { get; } = [];

    public Action? Action { get; }

    public StoreOutcome Outcome { get; set; }

    /// <summary>Ends when it is safe, or with the reason why it is not.</summary>
    public TaskCompletionSource<StoreOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

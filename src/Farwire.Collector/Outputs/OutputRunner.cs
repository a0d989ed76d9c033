using System.Text;
using System.Text.Json;
using Farwire.Collector.Store;
using Farwire.Events.Export;

namespace Farwire.Collector.Outputs;

/// <summary>Reads the store from an output's own place and sends on, until it is disposed.</summary>
/// <remarks>
/// 0. Of several nodes one sends, as long as it has the lease. 1. Wait for events. 2. Read some. 3. Send; after a failure wait and send the same again.
/// 4. Keep the place.
/// </remarks>
public sealed class OutputRunner : IAsyncDisposable
{
    private readonly IEventStore _store;
    private readonly IEventOutput _output;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private long _place;
    private long _sent;
    private long _dead;
    private long _dropped;

    /// <summary>Starts sending.</summary>
    public OutputRunner(IEventStore store, IEventOutput output, OutputOptions options, TimeProvider? time = null)
    {
        (_store, _output, Options, _time) = (store, output, options, time ?? TimeProvider.System);
        _run = Task.Run(RunAsync);
    }

    /// <summary>How it was set up.</summary>
    public OutputOptions Options { get; }

    /// <summary>Events sent since the start.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Events that the other side will never take.</summary>
    public long DeadLetters => Interlocked.Read(ref _dead);

    /// <summary>Events passed over by <see cref="OutputPolicy.DropOldest"/>.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Events between the output's place and the newest.</summary>
    public long Lag => Math.Max(0, _store.LastSequence - Interlocked.Read(ref _place));

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? LastError { get; private set; }

    /// <summary>Sources shall wait for this output.</summary>
    public bool IsBlocking => Options.Policy == OutputPolicy.Block && Lag > Options.MaxLag;

    /// <summary>Stops; what was not sent stays for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _output.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            try
            {
                await using var lease = await _store.LeaseAsync("output " + Options.Name, _stop.Token).ConfigureAwait(false); // 0
                await RunAsync(lease, _stop.Token).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                LastError = e.Message;
                await Task.Delay(Options.MinRetry, _time, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync(IStoreLease lease, CancellationToken stop)
    {
        Interlocked.Exchange(ref _place, await _store.CursorAsync(Options.Name).ConfigureAwait(false) ?? 0);
        while (await lease.IsHeldAsync(stop).ConfigureAwait(false))
        {
            await _store.WaitAsync(_place, stop).ConfigureAwait(false); // 1
            var last = _store.LastSequence;
            var batch = await ReadAsync(last, stop).ConfigureAwait(false); // 2

            // Fewer than asked for: nothing more of it lies before the newest.
            var end = batch.Count < Options.BatchEvents ? last : batch[^1].Sequence;
            Interlocked.Exchange(ref _place, await SendAsync(batch, stop).ConfigureAwait(false) ?? end); // 3
            await _store.SetCursorAsync(Options.Name, _place).ConfigureAwait(false); // 4
        }
    }

    private async Task<List<StoredEvent>> ReadAsync(long last, CancellationToken stop)
    {
        var batch = new List<StoredEvent>();
        await foreach (var stored in _store.SearchAsync(Options.Events with { After = _place, Before = last + 1, Limit = Options.BatchEvents, NewestFirst = false }, stop).ConfigureAwait(false))
        {
            batch.Add(stored);
        }

        return batch;
    }

    // Answers where to go on when the whole batch was passed over.
    private async Task<long?> SendAsync(List<StoredEvent> batch, CancellationToken stop)
    {
        var wait = Options.MinRetry;
        var end = batch.Count > 0 ? batch[^1].Sequence : 0;
        while (batch.Count > 0)
        {
            try
            {
                var refused = await _output.SendAsync(batch, stop).ConfigureAwait(false);
                LastError = null;
                Interlocked.Add(ref _sent, batch.Count - refused.Count);
                Bury(refused);
                return null;
            }
            catch (OutputException e)
            {
                LastError = e.Message;
            }

            await Task.Delay(wait, _time, stop).ConfigureAwait(false);
            wait = wait * 2 < Options.MaxRetry ? wait * 2 : Options.MaxRetry;
            if (Options.Policy == OutputPolicy.DropOldest && Lag > Options.MaxLag)
            {
                var keep = _store.LastSequence - Options.MaxLag;
                Interlocked.Add(ref _dropped, batch.RemoveAll(stored => stored.Sequence <= keep));
                if (batch.Count == 0)
                {
                    Interlocked.Add(ref _dropped, keep - end);
                    return keep;
                }
            }
        }

        return null;
    }

    private void Bury(IReadOnlyList<(StoredEvent Event, string Reason)> refused)
    {
        Interlocked.Add(ref _dead, refused.Count);
        if (refused.Count == 0 || Options.DeadLetterFile is null)
        {
            return;
        }

        using var file = new FileStream(Options.DeadLetterFile, FileMode.Append, FileAccess.Write, FileShare.Read);
        foreach (var (stored, reason) in refused)
        {
            using (var json = new Utf8JsonWriter(file, EventJson.Options))
            {
                json.WriteStartObject();
                json.WriteString("reason", reason);
                json.WriteNumber("sequence", stored.Sequence);
                json.WriteString("source", stored.Origin.Source);
                json.WriteString("event", stored.Record.Xml);
                json.WriteEndObject();
            }

            file.Write("\n"u8);
        }

        file.Flush(flushToDisk: true);
    }
}

using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using Farwire.Collector.Store;

namespace Farwire.Collector.Outputs;

/// <summary>Writes events to a connection, which it keeps.</summary>
/// <remarks>
/// There is no acknowledgement: an event counts as sent once the connection took it. A receiver that has gone is noticed before the next batch, for it
/// never says anything but the end.
/// </remarks>
/// <param name="endpoint">The receiver.</param>
/// <param name="kind">What it takes, for people.</param>
public abstract class StreamOutput(StreamEndpoint endpoint, string kind) : IEventOutput
{
    private Stream? _stream;
    private Task<int>? _end;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(StoredEvent Event, string Reason)>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var batch = new ArrayBufferWriter<byte>(events.Count * 1024);
        foreach (var stored in events)
        {
            Write(batch, stored);
        }

        try
        {
            if (_end is { IsCompleted: true })
            {
                await DisposeAsync().ConfigureAwait(false);
            }

            if (_stream is null)
            {
                _stream = await endpoint.ConnectAsync(cancellationToken).ConfigureAwait(false);
                _end = _stream.ReadAsync(new byte[1], CancellationToken.None).AsTask();
            }

            await _stream.WriteAsync(batch.WrittenMemory, cancellationToken).ConfigureAwait(false);
            await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            return [];
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw new OutputException($"{endpoint.Host}:{endpoint.Port} does not take {kind}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }

        if (_end is not null)
        {
            await ((Task)_end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        (_stream, _end) = (null, null);
    }

    /// <summary>Writes one event as the receiver takes it.</summary>
    protected abstract void Write(IBufferWriter<byte> batch, StoredEvent stored);
}

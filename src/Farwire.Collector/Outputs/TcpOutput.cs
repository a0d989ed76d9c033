using System.Buffers;
using Farwire.Collector.Store;

namespace Farwire.Collector.Outputs;

/// <summary>Writes events to a TCP or TLS connection, a line each.</summary>
/// <param name="endpoint">The receiver.</param>
/// <param name="format">How each event is written.</param>
public sealed class TcpOutput(StreamEndpoint endpoint, EventFormat format = EventFormat.Json) : StreamOutput(endpoint, "lines")
{
    /// <inheritdoc/>
    protected override void Write(IBufferWriter<byte> batch, StoredEvent stored)
    {
        EventLine.Write(batch, stored, format);
        batch.Write("\n"u8);
    }
}

using System.Buffers;
using System.Collections.Concurrent;

namespace Farwire.AspNetCore;

/// <summary>Buffers in which deliveries are unpacked and turned into UTF-8, used again and again: they are large, and come by the hundred each second.</summary>
internal sealed class DeliveryBuffers
{
    private const int MaxKept = 64;
    private const int MaxKeptBytes = 2 * 1024 * 1024;

    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _idle = [];

    public ArrayBufferWriter<byte> Take() => _idle.TryTake(out var writer) ? writer : new ArrayBufferWriter<byte>(64 * 1024);

    /// <summary>Gives a buffer back; nobody may read what is in it any more.</summary>
    public void Return(ArrayBufferWriter<byte> writer)
    {
        if (writer.Capacity <= MaxKeptBytes && _idle.Count < MaxKept)
        {
            writer.ResetWrittenCount();
            _idle.Add(writer);
        }
    }
}

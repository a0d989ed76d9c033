using System.Buffers;
using Farwire.Events.Compression;
using Farwire.Service.Resources;

namespace Farwire.Collector.Sources;

/// <summary>SLDC as a coding of whole messages.</summary>
public sealed class SldcCoding : IContentCoding
{
    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> body) => Sldc.Recognises(body);

    /// <inheritdoc/>
    public void Unpack(ReadOnlySpan<byte> body, IBufferWriter<byte> output, int limit) => SldcDecoder.Decode(body, output, limit);
}

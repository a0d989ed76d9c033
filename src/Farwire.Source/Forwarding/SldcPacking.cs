using System.Buffers;
using Farwire.Client.Connection;
using Farwire.Events.Compression;

namespace Farwire.Source.Forwarding;

/// <summary>SLDC as a packing of deliveries.</summary>
internal sealed class SldcPacking : IContentPacking
{
    public static SldcPacking Instance { get; } = new();

    public string Name => Sldc.Name;

    public void Pack(ReadOnlySpan<byte> plain, IBufferWriter<byte> output) => SldcEncoder.Encode(plain, output);
}

using System.Buffers;

namespace Farwire.Client.Connection;

/// <summary>Packs whole messages on their way out.</summary>
/// <remarks>MS-WSMV, "Compression": event forwarding packs its deliveries.</remarks>
public interface IContentPacking
{
    /// <summary>The name in <c>Content-Encoding</c>.</summary>
    string Name { get; }

    /// <summary>Packs <paramref name="plain"/>.</summary>
    void Pack(ReadOnlySpan<byte> plain, IBufferWriter<byte> output);
}

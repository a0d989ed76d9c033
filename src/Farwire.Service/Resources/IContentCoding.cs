using System.Buffers;

namespace Farwire.Service.Resources;

/// <summary>A way in which senders pack whole messages.</summary>
/// <remarks>RFC 9110, "Content Codings". Messages are known by their first bytes: the header <c>Content-Encoding</c> of known senders is not to be trusted.</remarks>
public interface IContentCoding
{
    /// <summary>True when the bytes begin as a packed message does.</summary>
    bool Recognises(ReadOnlySpan<byte> body);

    /// <summary>Unpacks a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of this coding, or hold more than <paramref name="limit"/> bytes.</exception>
    void Unpack(ReadOnlySpan<byte> body, IBufferWriter<byte> output, int limit);
}

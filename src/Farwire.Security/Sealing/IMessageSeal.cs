namespace Farwire.Security.Sealing;

/// <summary>Seals what goes out and opens what comes in on one connection, in order.</summary>
/// <remarks>MS-WSMV, "Encrypted message types". Neither direction forgives a message left out, repeated or changed.</remarks>
public interface IMessageSeal
{
    /// <summary>The protocol's name in the multipart types.</summary>
    string Protocol { get; }

    /// <summary>The most plain bytes that one part may hold.</summary>
    int MaxPartBytes { get; }

    /// <summary>Room enough for <paramref name="plainBytes"/> sealed.</summary>
    int MaxSealedBytes(int plainBytes);

    /// <summary>Seals into <paramref name="target"/>: the header, if the mechanism has one in front, then the data.</summary>
    SealedLength Seal(ReadOnlySpan<byte> plain, Span<byte> target);

    /// <summary>How many bytes of <paramref name="rest"/> belong to the part that begins there.</summary>
    /// <param name="rest">The sealed part and all that follows it.</param>
    /// <param name="headerBytes">The length that stands in front of the part.</param>
    /// <param name="plainBytes">The length that the part's header promises.</param>
    long PartLength(ReadOnlySpan<byte> rest, int headerBytes, int plainBytes);

    /// <summary>Verifies a part and opens it in place.</summary>
    /// <returns>The plain bytes: a piece of <paramref name="part"/>.</returns>
    /// <exception cref="SecurityTokenException">The part is not what the peer sealed next.</exception>
    Span<byte> Open(Span<byte> part, int headerBytes);
}

/// <summary>The lengths of a sealed part.</summary>
/// <param name="Header">What stands before the part as its length: of the security header, with CredSSP of the trailer.</param>
/// <param name="Total">All bytes of the part.</param>
public readonly record struct SealedLength(int Header, int Total);
